import { useTranslation } from "react-i18next";
import { useKnownSession } from "../../api/queries";
import { formatInstant } from "../../format/format";
import css from "./Availability.module.css";
import type { Interruption } from "./study";

const DAY = 86_400_000;
const WIDTH = 1000;

/** Interruptions of the last twelve months on a line of time; their table stands below. */
export function Timeline({ interruptions, until }: { interruptions: Interruption[]; until: Date }) {
  const { t, i18n } = useTranslation();
  const { zone } = useKnownSession().organisation;
  const end = until.getTime();
  const start = end - 365 * DAY;
  const x = (at: number) => (WIDTH * (Math.min(Math.max(at, start), end) - start)) / (end - start);
  const months: { at: number; label: string }[] = [];
  const cursor = new Date(Date.UTC(until.getUTCFullYear(), until.getUTCMonth() - 11, 1));
  for (let i = 0; i < 12; i++) {
    months.push({
      at: cursor.getTime(),
      label: new Intl.DateTimeFormat(i18n.language, { month: "short", timeZone: "UTC" }).format(cursor),
    });
    cursor.setUTCMonth(cursor.getUTCMonth() + 1);
  }
  const longest = Math.max(...interruptions.map((each) => each.minutes), 1);
  return (
    <div>
    <svg
      className={css.timeline}
      viewBox={`0 0 ${WIDTH} 62`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t("availability.timelineLabel", { count: interruptions.length })}
    >
      <line x1="0" x2={WIDTH} y1="56" y2="56" stroke="var(--line-strong)" />
      {months.map((month) => (
        <line key={month.at} x1={x(month.at)} x2={x(month.at)} y1="50" y2="60" stroke="var(--line-strong)" />
      ))}
      {interruptions.map((each) => {
        const height = 10 + 36 * Math.sqrt(each.minutes / longest);
        const from = x(Date.parse(each.start));
        return (
          <rect
            key={each.ref}
            x={from}
            y={56 - height}
            width={Math.max(5, x(Date.parse(each.end)) - from)}
            height={height}
            fill={each.controlled ? "var(--status-unknown)" : "var(--status-gap)"}
          >
            <title>{`${formatInstant(each.start, i18n.language, zone)} · ${each.text}`}</title>
          </rect>
        );
      })}
    </svg>
    <div className={css.months} aria-hidden="true">
      {months.map((month) => (
        <span key={month.at} style={{ left: `${(100 * x(month.at)) / WIDTH}%` }}>
          {month.label}
        </span>
      ))}
    </div>
    </div>
  );
}
