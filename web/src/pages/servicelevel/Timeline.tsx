import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, formatDuration, formatInstant } from "../../format/format";
import { typeset } from "../../format/text";
import { Panel } from "../../parts/Page";
import { Downloads } from "./Downloads";
import css from "./Objectives.module.css";
import type { ObjectiveSheet } from "./objectives";

const DAY = 86_400_000;
const RANGES = ["window", "30", "90", "365"] as const;

interface Bar {
  from: number;
  until: number;
  kind: "bad" | "unknown" | "out" | "counts";
  what: string;
  told?: string;
}

/** Outages, time that nobody measured and time left out, on one line of time: drawn, in words and as a table. */
export function Timeline({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const [range, setRange] = useState<(typeof RANGES)[number]>("window");
  const say = (text: string) => typeset(text, i18n.language);
  const end = Date.parse(data.window.counted ?? data.window.until);
  const [start, stop] =
    range === "window" ? [Date.parse(data.window.from), Math.max(end, Date.parse(data.window.until))] : [end - Number(range) * DAY, end];
  const clip = (bar: Bar): Bar[] => (bar.until <= start || bar.from >= stop ? [] : [{ ...bar, from: Math.max(bar.from, start), until: Math.min(bar.until, stop) }]);
  const bars: Bar[] = [
    ...data.interruptions.map((each) => ({ from: Date.parse(each.from), until: Date.parse(each.until), kind: "bad" as const, what: t("timeline.bad") })),
    ...data.unseen.map((each) => ({ from: Date.parse(each.from), until: Date.parse(each.until), kind: "unknown" as const, what: t("timeline.unknown") })),
    ...data.excluded.map((each) => ({
      from: Date.parse(each.from),
      until: each.until && Date.parse(each.until) > 0 ? Date.parse(each.until) : stop,
      kind: each.holds ? ("out" as const) : ("counts" as const),
      what: each.kind,
      told: [each.standing, each.reason].filter(Boolean).join(" · "),
    })),
  ]
    .flatMap(clip)
    .sort((a, b) => a.from - b.from);
  const lanes = [
    { key: "bad", label: t("timeline.bad"), bars: bars.filter((bar) => bar.kind === "bad") },
    { key: "unknown", label: t("timeline.unknown"), bars: bars.filter((bar) => bar.kind === "unknown") },
    { key: "out", label: t("timeline.out"), bars: bars.filter((bar) => bar.kind === "out" || bar.kind === "counts") },
  ];
  const total = (list: Bar[]) => list.reduce((sum, bar) => sum + bar.until - bar.from, 0);
  const long = (ms: number) => formatDuration(iso(ms), i18n.language);
  const bad = lanes[0]!.bars;
  const longest = bad.reduce<Bar | undefined>((best, bar) => (!best || bar.until - bar.from > best.until - best.from ? bar : best), undefined);
  const day = (at: number) => formatDate(new Date(at).toISOString(), i18n.language);
  const words = [
    bad.length === 0 ? t("timeline.noBad") : t("timeline.badTold", { count: bad.length, total: long(total(bad)) }),
    longest && bad.length > 1 && t("timeline.longest", { length: long(longest.until - longest.from), on: day(longest.from) }),
    total(lanes[1]!.bars) > 0 ? t("timeline.unknownTold", { total: long(total(lanes[1]!.bars)) }) : t("timeline.allSeen"),
    lanes[2]!.bars.length > 0 && t("timeline.outTold", { count: lanes[2]!.bars.length, total: long(total(lanes[2]!.bars.filter((bar) => bar.kind === "out"))) }),
  ]
    .filter(Boolean)
    .map((each) => say(each as string))
    .join(" ");
  const place = (at: number) => `${(100 * (at - start)) / (stop - start)}%`;
  return (
    <Panel id="timeline" title={t("timeline.title")} lead={t("timeline.lead")} actions={<Downloads path="/service-levels/objective/export/timeline" query={{ id: data.id }} label={t("timeline.title")} />}>
      <SegmentedControl
        size="xs"
        aria-label={t("timeline.range")}
        value={range}
        onChange={(value) => setRange(value as (typeof RANGES)[number])}
        data={RANGES.map((value) => ({ value, label: t(`timeline.ranges.${value}`) }))}
      />
      <p className={css.sentence}>{words}</p>
      <div className={css.timeline} role="img" aria-label={`${t("timeline.title")}. ${words}`}>
        {lanes.map((lane) => (
          <div key={lane.key} className={css.lane}>
            <span>{lane.label}</span>
            <div>
              {lane.bars.map((bar, index) => (
                <i
                  key={index}
                  data-kind={bar.kind}
                  style={{ left: place(bar.from), width: `max(3px, ${(100 * (bar.until - bar.from)) / (stop - start)}%)` }}
                  title={`${bar.what} · ${formatInstant(new Date(bar.from).toISOString(), i18n.language, data.zone)} – ${formatInstant(new Date(bar.until).toISOString(), i18n.language, data.zone)}`}
                />
              ))}
            </div>
          </div>
        ))}
        <div className={css.lane}>
          <span />
          <div className={css.axis}>
            {ticks(start, stop).map((at, index, all) => (
              <small key={at} style={index === all.length - 1 ? { right: 0 } : { left: place(at) }}>
                {formatDate(new Date(at).toISOString(), i18n.language, "short")}
              </small>
            ))}
          </div>
        </div>
      </div>
      <details>
        <summary>{t("objective.asTable")}</summary>
        {bars.length === 0 ? (
          <p className={css.soft}>{t("timeline.nothing")}</p>
        ) : (
          <div className={css.scroll} tabIndex={0} role="group" aria-label={t("timeline.title")}>
            <table className={css.table}>
              <caption className="visually-hidden">{t("timeline.title")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("objective.from")}</th>
                  <th scope="col">{t("objective.until")}</th>
                  <th scope="col">{t("timeline.length")}</th>
                  <th scope="col">{t("timeline.what")}</th>
                </tr>
              </thead>
              <tbody>
                {[...bars].reverse().map((bar, index) => (
                  <tr key={index}>
                    <th scope="row">{formatInstant(new Date(bar.from).toISOString(), i18n.language, data.zone)}</th>
                    <td>{formatInstant(new Date(bar.until).toISOString(), i18n.language, data.zone)}</td>
                    <td className={css.whole}>{long(bar.until - bar.from)}</td>
                    <td>
                      {bar.what}
                      {bar.told && <div className={css.soft}>{typeset(bar.told, i18n.language)}</div>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </details>
    </Panel>
  );
}

/** A span of time as an ISO 8601 duration, to the minute from a minute on. */
export function iso(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes === 0) return `PT${Math.round(ms / 1000)}S`;
  const days = Math.floor(minutes / 1440);
  const rest = minutes % 1440;
  const time = rest === 0 ? "" : `T${rest >= 60 ? `${Math.floor(rest / 60)}H` : ""}${rest % 60 ? `${rest % 60}M` : ""}`;
  return `P${days > 0 ? `${days}D` : ""}${time}`;
}

/** A few instants that divide a line of time, its ends among them. */
function ticks(start: number, stop: number): number[] {
  const parts = 4;
  return Array.from({ length: parts + 1 }, (_, n) => start + ((stop - start) * n) / parts);
}
