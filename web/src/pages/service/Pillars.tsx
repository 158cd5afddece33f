import { useTranslation } from "react-i18next";
import type { Pillar } from "../../api/types";
import { Empty } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import css from "./Pillars.module.css";

const HIGHEST = 4;

/** The five pillars of security: the level required beside the level assured, as bars with their figures. */
export function Pillars({ pillars }: { pillars: Pillar[] }) {
  const { t } = useTranslation();
  if (pillars.every((pillar) => pillar.required === null || pillar.required === undefined))
    return <Empty title={t("service.noPillars")}>{t("service.noPillarsText")}</Empty>;
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("service.section.security")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("pillar.name")}</th>
            <th scope="col" className={css.levels}>
              {t("pillar.levels")}
            </th>
            <th scope="col">{t("pillar.required")}</th>
            <th scope="col">{t("pillar.assured")}</th>
            <th scope="col">{t("service.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {pillars.map((pillar) => {
            const known = typeof pillar.required === "number" && typeof pillar.assured === "number";
            const status = !known ? "unknown" : pillar.assured! >= pillar.required! ? "ok" : "gap";
            return (
              <tr key={pillar.pillar}>
                <th scope="row">{pillar.label}</th>
                <td className={css.levels}>
                  <Bars required={pillar.required ?? null} assured={pillar.assured ?? null} />
                </td>
                <td>{pillar.required ?? t("service.noFigure")}</td>
                <td>
                  {pillar.assured ?? t("service.noFigure")}
                  {pillar.weakest && status === "gap" && (
                    <div>
                      <RefLink to={pillar.weakest.ref} title={pillar.weakest.title} />
                    </div>
                  )}
                </td>
                <td>
                  <StatusMark status={status} word />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={css.legend}>{t("pillar.legend")}</p>
    </div>
  );
}

/** Assured as a filled bar, required as a line across it; the figures stand beside it in the table. */
function Bars({ required, assured }: { required: number | null; assured: number | null }) {
  return (
    <svg viewBox="0 0 100 16" width="160" height="16" aria-hidden="true" preserveAspectRatio="none">
      <rect x="0" y="4" width="100" height="8" fill="var(--line)" />
      {assured !== null && <rect x="0" y="4" width={(assured / HIGHEST) * 100} height="8" fill="var(--accent)" />}
      {required !== null && required > 0 && (
        <rect x={Math.min(98, (required / HIGHEST) * 100 - 1)} y="0" width="2" height="16" fill="var(--ink)" />
      )}
    </svg>
  );
}
