import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addDays, formatDate } from "../../format/format";
import { typeset } from "../../format/text";
import css from "./Objectives.module.css";
import type { ObjectiveDay, ObjectiveSheet } from "./objectives";
import { Standing } from "./ObjectivesPage";
import { Slices } from "./Slices";

/** The days of a year, a column a week from Monday on, with the same in words and as a table whose days open to their minutes. */
export function DayCalendar({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const days = data.days;
  const by = new Map(days.map((day) => [day.date, day]));
  const last = days.at(-1)?.date ?? "";
  const first = addDays(last, -364);
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = Array.from({ length: 365 }, (_, n) => addDays(first, n));
  const lost = days.filter((day) => day.lost > 0);
  const blind = days.filter((day) => day.mark === "unknown" || unseen(day));
  const worst = lost.reduce<ObjectiveDay | undefined>((best, day) => (!best || day.lost > best.lost ? day : best), undefined);
  const words = [
    t("objective.calendarLabel", { count: days.length, lost: lost.length }),
    worst && t("objective.worstDay", { on: formatDate(worst.date, i18n.language), bad: worst.bad }),
    blind.length > 0 && t("objective.blindDays", { count: blind.length }),
  ]
    .filter(Boolean)
    .map((each) => typeset(each as string, i18n.language).replace(/[^.]$/, "$&."))
    .join(" ");
  const name = (day: ObjectiveDay | undefined, date: string) =>
    day
      ? `${formatDate(date, i18n.language)} · ${[day.attained, `${t("objective.slice.bad")} ${day.bad}`, unseen(day) && `${t("objective.slice.unknown")} ${day.unknown}`].filter(Boolean).join(" · ")}`
      : `${formatDate(date, i18n.language)} · ${t("objective.slice.unknown")}`;
  return (
    <>
      <p className={css.sentence} style={{ marginTop: 0 }}>
        {words}
      </p>
      <div className={css.calendar} role="img" aria-label={words} tabIndex={0}>
        {cells.map((date, n) => {
          const day = by.get(date);
          return (
            <span
              key={date}
              data-mark={day?.mark}
              data-blind={(day && unseen(day)) || undefined}
              style={n === 0 ? { gridRowStart: weekday + 1 } : undefined}
              title={name(day, date)}
            />
          );
        })}
      </div>
      <div className={css.legend}>
        <Standing mark="ok" />
        <span>{t("objective.legendRisk")}</span>
        <span>{t("objective.legendGap")}</span>
        <span>{t("objective.legendBlind")}</span>
        <span>{t("objective.legendNone")}</span>
      </div>
      <details>
        <summary>{t("objective.asTable")}</summary>
        <div className={css.scroll} style={{ maxHeight: 420 }} tabIndex={0} role="group" aria-label={t("objective.days")}>
          <table className={css.table}>
            <caption className="visually-hidden">{t("objective.days")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("objective.day")}</th>
                <th scope="col">{t("objective.attained")}</th>
                <th scope="col">{t("objective.slice.good")}</th>
                <th scope="col">{t("objective.slice.bad")}</th>
                <th scope="col">{t("objective.slice.unknown")}</th>
                {data.series && <th scope="col">{t("objective.slices")}</th>}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().flatMap((day) => [
                <tr key={day.date}>
                  <th scope="row">{formatDate(day.date, i18n.language)}</th>
                  <td>{day.attained ? typeset(day.attained, i18n.language) : "—"}</td>
                  <td>{day.good}</td>
                  <td>{day.bad}</td>
                  <td>{day.unknown}</td>
                  {data.series && (
                    <td>
                      <button type="button" className={css.link} aria-expanded={opened === day.date} onClick={() => setOpened(opened === day.date ? null : day.date)}>
                        {t(opened === day.date ? "objective.closeSlices" : "objective.openSlices")}
                        <span className="visually-hidden"> {formatDate(day.date, i18n.language)}</span>
                      </button>
                    </td>
                  )}
                </tr>,
                opened === day.date && data.series ? (
                  <tr key={`${day.date}-slices`}>
                    <td colSpan={6}>
                      <Slices series={data.series} from={`${day.date}T00:00:00Z`} until={`${day.date}T23:59:59Z`} zone={data.zone} around={0} />
                    </td>
                  </tr>
                ) : null,
              ])}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

/** Whether some counted time of a day was measured by nobody. */
const unseen = (day: ObjectiveDay) => /[1-9]/.test(day.unknown);
