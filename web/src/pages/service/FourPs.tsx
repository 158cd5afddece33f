import { useTranslation } from "react-i18next";
import type { Sheet } from "../../api/types";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import css from "./FourPs.module.css";

/** The four Ps of the service: who, how, with what, with whom. */
export function FourPs({ fourPs }: { fourPs: NonNullable<Sheet["fourPs"]> }) {
  const { t } = useTranslation();
  return (
    <div className={css.grid}>
      {(["people", "processes", "products", "partners"] as const).map((p) => {
        const part = fourPs[p];
        const items = part?.items ?? [];
        return (
          <div key={p} className={css.p}>
            <h2 className={css.title}>
              <StatusMark status={!part ? "unknown" : part.state === "empty" ? "gap" : "ok"} about={t(`p.${p}`)} />
              {t(`p.${p}`)} <span className={css.count}>{items.length}</span>
            </h2>
            {items.length > 0 ? (
              <ul className={css.items}>
                {items.slice(0, 5).map((item) => (
                  <li key={item.ref}>
                    <RefLink to={item.ref} title={item.title} />
                  </li>
                ))}
                {items.length > 5 && (
                  <li className={css.count}>
                    <details>
                      <summary>{t("process.more", { count: items.length - 5 })}</summary>
                      {items.slice(5).map((item) => (
                        <div key={item.ref}>
                          <RefLink to={item.ref} title={item.title} />
                        </div>
                      ))}
                    </details>
                  </li>
                )}
              </ul>
            ) : (
              <p className={css.none}>{part?.why || t("service.emptyP")}</p>
            )}
          </div>
        );
      })}
    </div>
  );
}
