import { useTranslation } from "react-i18next";
import { typeset } from "../../format/text";
import { RefLink } from "../../parts/RefLink";
import css from "./Availability.module.css";
import type { Cause, Level } from "./study";

function kindOf(cause: Cause): "single" | "shared" | "maintenance" | "rest" {
  if (cause.category === "maintenance") return "maintenance";
  if (cause.category === "other") return "rest";
  return cause.single ? "single" : "shared";
}

/** Minutes of interruption in a mean month by cause, each bar beginning where the one before it ends, against what the promise allows. */
export function Waterfall({ causes, promised }: { causes: Cause[]; promised?: Level }) {
  const { t, i18n } = useTranslation();
  const predicted = causes.filter((cause) => cause.category !== "maintenance");
  const total = predicted.reduce((sum, cause) => sum + cause.minutes, 0);
  const widest = Math.max(total, promised?.minutes ?? 0, ...causes.map((cause) => cause.minutes), 1e-9);
  const percent = (minutes: number) => `${(100 * minutes) / widest}%`;
  let reached = 0;
  return (
    <>
      <ul className={css.bars}>
        {causes.map((cause, index) => {
          const kind = kindOf(cause);
          const from = kind === "maintenance" ? 0 : reached;
          if (kind !== "maintenance") reached += cause.minutes;
          return (
            <li key={cause.ref ?? `${cause.category}${index}`} className={css.bar}>
              <span>
                {cause.ref ? <RefLink to={cause.ref} title={cause.title} /> : cause.label}
                {cause.single && <span className="visually-hidden"> ({t("map.spof")})</span>}
              </span>
              <span className={css.track} aria-hidden="true">
                <span className={css.fill} data-kind={kind} style={{ left: percent(from), width: percent(cause.minutes) }} />
                {promised && <span className={css.budget} style={{ left: percent(promised.minutes) }} />}
              </span>
              <span className={css.amount}>{typeset(cause.text, i18n.language)}</span>
            </li>
          );
        })}
      </ul>
      <ul className={css.legend} aria-hidden="true">
        <li>
          <span className={`${css.fill} ${css.key}`} data-kind="single" />
          {t("map.spof")}
        </li>
        <li>
          <span className={`${css.fill} ${css.key}`} data-kind="shared" />
          {t("availability.withAlternatives")}
        </li>
        {causes.some((cause) => cause.category === "maintenance") && (
          <li>
            <span className={`${css.fill} ${css.key}`} data-kind="maintenance" />
            {t("availability.controlled")}
          </li>
        )}
        {promised && (
          <li>
            <span className={css.budgetKey} />
            {t("availability.allowed", { month: typeset(promised.month, i18n.language) })}
          </li>
        )}
      </ul>
    </>
  );
}
