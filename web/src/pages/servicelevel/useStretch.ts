import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatInstant } from "../../format/format";
import { instantOf, wallTime } from "../../format/zone";

/** A wall time as people read it, with the clock that it is on, and their own where that differs. */
export function useWall(zone: string) {
  const { t, i18n } = useTranslation();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (wall: string) => {
    const instant = instantOf(wall, zone);
    const parts = [instant && formatInstant(instant, i18n.language, zone), t("evidence.clock", { zone })];
    if (instant && own && wallTime(instant, own) !== wallTime(instant, zone))
      parts.push(t("evidence.own", { at: formatInstant(instant, i18n.language, own), zone: own }));
    return parts.filter(Boolean).join(" · ");
  };
}

/** A stretch of time that is being typed on the clock of a zone. */
export function useStretch(zone: string, start: string, end: string) {
  const [from, setFrom] = useState(() => wallTime(start, zone));
  const [until, setUntil] = useState(() => wallTime(end, zone));
  const at = { from: instantOf(from, zone), until: instantOf(until, zone) };
  const fault =
    at.from === undefined ? "from" : at.until === undefined || Date.parse(at.until) <= Date.parse(at.from) ? "until" : undefined;
  return { from, setFrom, until, setUntil, at, fault } as const;
}
