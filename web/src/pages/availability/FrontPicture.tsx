import { useTranslation } from "react-i18next";
import { typeset } from "../../format/text";
import css from "./Availability.module.css";
import type { Bundle } from "./AdvicePanel";
import type { Level } from "./study";

const WIDTH = 420;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 34;

/** Cost a year against minutes of interruption a month; each point is the cheapest way to get there. */
export function FrontPicture({
  front,
  now,
  promised,
  chosen,
  onChoose,
}: {
  front: Bundle[];
  now: Level;
  promised?: Level;
  chosen: number | null;
  onChoose: (index: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const dearest = Math.max(...front.map((each) => each.amount), 1);
  const most = Math.max(now.minutes, promised?.minutes ?? 0, 1e-9);
  const x = (amount: number) => LEFT + ((WIDTH - LEFT - 16) * amount) / dearest;
  const y = (minutes: number) => 12 + (HEIGHT - BOTTOM - 12) * (1 - minutes / most);
  const steps = [{ amount: 0, minutes: now.minutes }, ...front.map((each) => ({ amount: each.amount, minutes: each.after.minutes }))];
  const path = steps
    .map((step, index) => (index === 0 ? `M${x(step.amount)} ${y(step.minutes)}` : `H${x(step.amount)}V${y(step.minutes)}`))
    .join("");
  const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3 });
  return (
    <svg
      className={css.frontPicture}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t("availability.frontLabel", { count: front.length })}
    >
      <path d={`M${LEFT} 8V${HEIGHT - BOTTOM}H${WIDTH - 8}`} stroke="var(--line-strong)" fill="none" />
      <text x={LEFT - 6} y={y(most) + 4} textAnchor="end">
        {number.format(most)}
      </text>
      <text x={LEFT - 6} y={y(0) + 4} textAnchor="end">
        0
      </text>
      <text x={WIDTH - 12} y={HEIGHT - 18} textAnchor="end">
        {number.format(dearest)}
      </text>
      <text x={LEFT} y={HEIGHT - 18}>
        0
      </text>
      <text x={(WIDTH + LEFT) / 2} y={HEIGHT - 4} textAnchor="middle">
        {t("availability.costAxis")}
      </text>
      <text transform={`translate(12 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`} textAnchor="middle">
        {t("availability.minutesAxis")}
      </text>
      {promised && (
        <>
          <line
            x1={LEFT}
            x2={WIDTH - 8}
            y1={y(promised.minutes)}
            y2={y(promised.minutes)}
            stroke="var(--ink)"
            strokeDasharray="4 3"
          />
          <text x={WIDTH - 12} y={y(promised.minutes) - 5} textAnchor="end">
            {t("service.promised")} {typeset(promised.text, i18n.language)}
          </text>
        </>
      )}
      <path d={path} stroke="var(--accent)" fill="none" strokeWidth="1.5" />
      <circle cx={x(0)} cy={y(now.minutes)} r="5" fill="var(--status-unknown)" />
      {front.map((each, index) => (
        <circle
          key={each.text}
          cx={x(each.amount)}
          cy={y(each.after.minutes)}
          r={chosen === index ? 8 : 6}
          fill={each.kept ? "var(--status-ok)" : "var(--status-gap)"}
          stroke="var(--surface)"
          strokeWidth="1.5"
          onClick={() => onChoose(index)}
        >
          <title>{`${each.cost} · ${each.after.text} · ${each.text}`}</title>
        </circle>
      ))}
    </svg>
  );
}
