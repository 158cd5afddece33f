import { useTranslation } from "react-i18next";
import { useKnownSession } from "../api/queries";
import type { AheadDate } from "../api/types";
import { useView } from "../frame/view";
import { daysBetween, formatDate } from "../format/format";
import css from "./AheadDates.module.css";
import { RefLink } from "./RefLink";

/** Dates grouped by how soon they come: past, within 30 days, within 90, later. */
export function AheadDates({ dates }: { dates: AheadDate[] }) {
  const { t, i18n } = useTranslation();
  const { today } = useKnownSession();
  const from = useView().on ?? today;
  if (dates.length === 0) return <p className={css.none}>{t("dates.none")}</p>;
  const groups = {
    past: [] as AheadDate[],
    month: [] as AheadDate[],
    quarter: [] as AheadDate[],
    later: [] as AheadDate[],
  };
  for (const each of [...dates].sort((a, b) => a.date.localeCompare(b.date))) {
    const days = daysBetween(from, each.date);
    if (days < 0) groups.past.push(each);
    else if (days <= 30) groups.month.push(each);
    else if (days <= 90) groups.quarter.push(each);
    else groups.later.push(each);
  }
  return (
    <div className={css.groups}>
      {(["past", "month", "quarter", "later"] as const)
        .filter((group) => groups[group].length > 0)
        .map((group) => (
          <div key={group}>
            <h3 className={css.heading}>{t(`dates.${group}`)}</h3>
            <ul className={css.list}>
              {groups[group].map((each, index) => {
                const days = daysBetween(from, each.date);
                return (
                  <li key={index} className={css.item}>
                    <div className={css.date}>
                      <time dateTime={each.date}>{formatDate(each.date, i18n.language, "short")}</time>
                      <div className={css.days}>
                        {days < 0 ? t("dates.ago", { count: -days }) : t("dates.in", { count: days })}
                      </div>
                    </div>
                    <div className={css.what}>
                      {each.what}
                      {each.ref && (
                        <div className={css.about}>
                          <RefLink to={each.ref} title={each.title} />
                        </div>
                      )}
                    </div>
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
    </div>
  );
}
