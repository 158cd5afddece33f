import { useTranslation } from "react-i18next";
import { addDays, formatDate } from "../../format/format";
import { typeset } from "../../format/text";
import css from "./Objectives.module.css";
import type { ObjectiveDay } from "./objectives";
import { Standing } from "./ObjectivesPage";

/** The days of a year, a column a week from Monday on, with the same as a table. */
export function DayCalendar({ days }: { days: ObjectiveDay[] }) {
  const { t, i18n } = useTranslation();
  const by = new Map(days.map((day) => [day.date, day]));
  const last = days.at(-1)?.date ?? "";
  const first = addDays(last, -364);
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = Array.from({ length: 365 }, (_, n) => addDays(first, n));
  const lost = days.filter((day) => day.lost > 0).length;
  return (
    <>
      <div className={css.calendar} role="img" aria-label={t("objective.calendarLabel", { count: days.length, lost })} tabIndex={0}>
        {cells.map((date, n) => {
          const day = by.get(date);
          return (
            <span
              key={date}
              data-mark={day?.mark}
              style={n === 0 ? { gridRowStart: weekday + 1 } : undefined}
              title={`${formatDate(date, i18n.language)} ${day?.attained ?? ""}`}
            />
          );
        })}
      </div>
      <div className={css.legend}>
        <Standing mark="ok" />
        <span>{t("objective.legendRisk")}</span>
        <span>{t("objective.legendGap")}</span>
        <span>{t("objective.legendNone")}</span>
      </div>
      <details>
        <summary>{t("objective.asTable")}</summary>
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t("objective.days")}>
          <table className={css.table}>
            <caption className="visually-hidden">{t("objective.days")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("objective.day")}</th>
                <th scope="col">{t("objective.attained")}</th>
                <th scope="col">{t("objective.slice.good")}</th>
                <th scope="col">{t("objective.slice.bad")}</th>
                <th scope="col">{t("objective.slice.unknown")}</th>
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((day) => (
                <tr key={day.date}>
                  <th scope="row">{formatDate(day.date, i18n.language)}</th>
                  <td>{day.attained ? typeset(day.attained, i18n.language) : "—"}</td>
                  <td>{day.good}</td>
                  <td>{day.bad}</td>
                  <td>{day.unknown}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
