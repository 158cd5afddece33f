import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import { formatInstant, formatNumber } from "../../format/format";
import { Awaited } from "../../parts/Page";
import css from "./Objectives.module.css";
import type { Evidence } from "./objectives";

/** The minute slices of a stretch of time: who answered, which revision, who said so. */
export function Slices({ series, from, until, zone, around = 3_600_000 }: { series: string; from: string; until: string; zone: string; around?: number }) {
  const { t, i18n } = useTranslation();
  const query = useResource<Evidence>("/evidence", { series, from: from.slice(0, 10), until: until.slice(0, 10) });
  return (
    <Awaited query={query} lines={3}>
      {(data) =>
        data.days.length === 0 ? (
          <p className={css.soft}>{t("objective.noSlices")}</p>
        ) : (
          <div className={css.scroll} tabIndex={0} role="group" aria-label={t("objective.slices")}>
            <table className={css.table}>
              <caption className="visually-hidden">{t("objective.slices")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("objective.from")}</th>
                  <th scope="col">{t("objective.until")}</th>
                  <th scope="col">{t("objective.state")}</th>
                  <th scope="col">{t("objective.events")}</th>
                  <th scope="col">{t("objective.engine")}</th>
                  <th scope="col">{t("objective.revision")}</th>
                </tr>
              </thead>
              <tbody>
                {data.days.flatMap((day) =>
                  day.intervals
                    .filter((each) => Date.parse(each.until) > Date.parse(from) - around && Date.parse(each.from) < Date.parse(until) + around)
                    .map((each) => (
                      <tr key={each.from}>
                        <th scope="row">{formatInstant(each.from, i18n.language, zone)}</th>
                        <td>{formatInstant(each.until, i18n.language, zone)}</td>
                        <td>{t(`objective.slice.${each.state}`)}</td>
                        <td>{each.total ? `${formatNumber(each.good ?? 0, i18n.language)} / ${formatNumber(each.total, i18n.language)}` : "—"}</td>
                        <td>{day.engine || day.author || "—"}</td>
                        <td>
                          {day.provisional ? t("objective.provisional") : day.revision}
                          {day.reason && <div className={css.soft}>{day.reason}</div>}
                        </td>
                      </tr>
                    )),
                )}
              </tbody>
            </table>
          </div>
        )
      }
    </Awaited>
  );
}
