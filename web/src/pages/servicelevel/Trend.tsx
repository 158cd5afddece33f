import { useTranslation } from "react-i18next";
import { typeset } from "../../format/text";
import css from "./Objectives.module.css";
import type { Closed } from "./objectives";

/** Windows that are over as a row of columns, oldest first: each its own shape, all of it told in words. */
export function Trend({ closed, about }: { closed: Closed[]; about: string }) {
  const { t, i18n } = useTranslation();
  const known = closed.filter((each) => each.attained);
  if (known.length === 0) return <span className={css.soft}>{t("objective.noTrend")}</span>;
  const told = known
    .map((each) =>
      typeset(t("objective.closed", { label: each.label, attained: each.attained, status: t(`objective.mark.${each.mark}`) }), i18n.language),
    )
    .join("; ");
  return (
    <span className={css.trend} role="img" aria-label={t("objective.trendLabel", { about, told })} title={told}>
      {closed.map((each, index) => (
        <span key={index} data-mark={each.mark} data-declared={each.declared || undefined} />
      ))}
    </span>
  );
}

/** How much of an error budget is used, drawn and in words. */
export function BudgetBar({ spent, left, stacked }: { spent: number; left: string; stacked?: boolean }) {
  const { t, i18n } = useTranslation();
  // What is left; overspent, the whole bar in the colour of what is broken.
  const share = spent > 1 ? 1 : 1 - spent;
  return (
    <span className={css.budget} data-stacked={stacked || undefined}>
      <span className={css.bar} aria-hidden="true" data-mark={spent > 1 ? "gap" : spent >= 0.8 ? "risk" : "ok"}>
        <span style={{ width: `${100 * Math.min(1, share)}%` }} />
      </span>
      <span>{typeset(t("objective.left", { left }), i18n.language)}</span>
    </span>
  );
}
