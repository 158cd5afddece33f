import { useTranslation } from "react-i18next";
import type { Named } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { ProblemView } from "../../parts/Page";
import css from "./Objectives.module.css";
import type { ObjectiveWindow } from "./objectives";

interface Side {
  attained?: string;
  coverage?: string;
  used?: string;
  left?: string;
  verdict: "kept" | "missed" | "unknown";
}

/** What a change of the evidence would do to one promise. */
export interface Effect {
  id: string;
  of: Named;
  service: Named;
  label: string;
  window: ObjectiveWindow;
  before: Side;
  after: Side;
  changes: boolean;
}

/** Attainment and budget before and after, promise by promise, before anything is saved. */
export function Effects({ effects, problem, waiting }: { effects?: Effect[]; problem: unknown; waiting: boolean }) {
  const { t, i18n } = useTranslation();
  const say = (text?: string) => (text ? typeset(text, i18n.language) : "—");
  const changed = (effects ?? []).filter((each) => each.changes).length;
  return (
    <section aria-live="polite" aria-label={t("effect.title")} className={css.effects}>
      <h3>{t("effect.title")}</h3>
      {problem ? (
        <ProblemView problem={problem} />
      ) : !effects ? (
        <p className={css.soft}>{t(waiting ? "effect.waiting" : "effect.fill")}</p>
      ) : effects.length === 0 ? (
        <p className={css.soft}>{t("effect.nobody")}</p>
      ) : (
        <>
          <p className={css.soft}>{changed === 0 ? t("effect.nothing") : t("effect.changes", { count: changed })}</p>
          <div className={css.scroll} tabIndex={0} role="group" aria-label={t("effect.title")}>
            <table className={css.table}>
              <caption className="visually-hidden">{t("effect.title")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("objective.promise")}</th>
                  <th scope="col">{t("effect.figure")}</th>
                  <th scope="col">{t("effect.before")}</th>
                  <th scope="col">{t("effect.after")}</th>
                </tr>
              </thead>
              <tbody>
                {effects.flatMap((each) => [
                  <tr key={`${each.id}-${each.window.label}`}>
                    <th scope="rowgroup" rowSpan={3}>
                      {t("objective.name", { service: localText(each.service.title, i18n.language), label: each.label })}
                      <div className={css.soft}>
                        {localText(each.of.title, i18n.language)} · {each.window.label}
                      </div>
                    </th>
                    <th scope="row">{t("objective.attained")}</th>
                    <td>{say(each.before.attained)}</td>
                    <td data-changed={each.before.attained !== each.after.attained || undefined}>{say(each.after.attained)}</td>
                  </tr>,
                  <tr key={`${each.id}-${each.window.label}-left`}>
                    <th scope="row">{t("effect.left")}</th>
                    <td>{say(each.before.left)}</td>
                    <td data-changed={each.before.left !== each.after.left || undefined}>{say(each.after.left)}</td>
                  </tr>,
                  <tr key={`${each.id}-${each.window.label}-verdict`}>
                    <th scope="row">{t("objective.status")}</th>
                    <td>{t(`effect.verdict.${each.before.verdict}`)}</td>
                    <td data-changed={each.before.verdict !== each.after.verdict || undefined}>{t(`effect.verdict.${each.after.verdict}`)}</td>
                  </tr>,
                ])}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
