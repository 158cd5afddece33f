import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import { localText, typeset } from "../../format/text";
import css from "./Objectives.module.css";
import type { ObjectiveList, Seal } from "./objectives";
import { Standing } from "./ObjectivesPage";
import { outward } from "./SealsPanel";
import { Trend } from "./Trend";

/** For the other party: what was delivered of an agreement or contract in its present windows and the last twelve, with its sealed reports. */
export function Delivered({ agreement }: { agreement: string }) {
  const { t, i18n } = useTranslation();
  const query = useResource<ObjectiveList>("/service-levels/objectives", { of: agreement, limit: 1000 });
  const seals = useResource<Seal[] | null>("/service-levels/seals", { agreement });
  const say = (text: string) => typeset(text, i18n.language);
  const items = query.data?.items ?? [];
  const sealed = (seals.data ?? []).filter((seal) => !seal.superseded).reverse();
  if (items.length === 0 && sealed.length === 0) return null;
  return (
    <div style={{ padding: "10px 16px 14px" }}>
      <h3 style={{ margin: "0 0 6px", fontSize: 14 }}>{t("objective.delivered")}</h3>
      {items.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t("objective.delivered")}>
          <table className={css.table}>
            <caption className="visually-hidden">{t("objective.delivered")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("objective.promise")}</th>
                <th scope="col">{t("objective.attained")}</th>
                <th scope="col">{t("objective.window")}</th>
                <th scope="col">{t("objective.status")}</th>
                <th scope="col">{t("objective.trend")}</th>
                <th scope="col">{t("objective.credit")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <tr key={each.id}>
                  <th scope="row">
                    {t("objective.name", { service: localText(each.service.title, i18n.language), label: each.label })}
                    <div className={css.soft}>{say(each.promised)}</div>
                    {each.yields && <div className={css.soft}>{say(each.yields)}</div>}
                  </th>
                  <td>
                    {each.attained ? say(each.attained) : "—"}
                    <div className={css.soft}>
                      {each.coverage ? say(t("objective.covered", { coverage: each.coverage })) : each.attained ? say(each.basisText) : ""}
                    </div>
                    {each.provisional && <div className={css.soft}>{say(each.provisional)}</div>}
                  </td>
                  <td className={css.whole}>{each.window.label}</td>
                  <td>
                    <Standing mark={each.mark} />
                  </td>
                  <td>
                    <Trend closed={each.trend} about={each.label} />
                  </td>
                  <td>{each.credit ? say(each.credit) : "—"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sealed.length > 0 && (
        <p className={css.sentence}>
          {t("objective.reports")}{" "}
          {sealed.map((seal) => (
            <a key={seal.hash} href={`/api/v1/service-levels/seals/${seal.hash}/report?view=${outward(agreement)}&lang=${i18n.language}`} style={{ marginRight: 10 }}>
              {seal.period}
            </a>
          ))}
        </p>
      )}
    </div>
  );
}
