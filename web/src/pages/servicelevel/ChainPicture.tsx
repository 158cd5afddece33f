import { useTranslation } from "react-i18next";
import { typeset } from "../../format/text";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import css from "./ServiceLevel.module.css";
import type { Chain, Link } from "./wishes";

/** One promise drawn from the need to those who keep it; the first link that fails stands out by its frame and a word. */
export function ChainPicture({ chain, wished = false }: { chain: Chain; wished?: boolean }) {
  const { t, i18n } = useTranslation();
  const needs = chain.needs ?? [];
  const links = chain.links ?? [];
  const timed = links.some((link) => link.from);
  return (
    <div className={css.chain}>
      {needs.length > 0 && (
        <div className={css.column}>
          <h3 className={css.columnTitle}>{t("attain.needs")}</h3>
          <ul className={css.boxes}>
            {needs.map((need, index) => (
              <li key={index} className={css.box} data-mark={need.mark}>
                <RefLink to={need.of.ref} title={need.of.title} />
                <span className={css.value}>{typeset(need.value, i18n.language)}</span>
                <span className={css.note}>
                  <StatusMark status={need.mark} size={11} /> {need.word}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className={css.column}>
        <h3 className={css.columnTitle}>{wished ? t("attain.wish") : t("attain.promise")}</h3>
        <div className={css.box} data-mark={chain.mark}>
          <strong>{chain.label}</strong>
          <span className={css.value}>{typeset(chain.promised, i18n.language)}</span>
          {chain.hours && (
            <span className={css.note}>
              <RefLink to={chain.hours.ref} title={chain.hours.title} />
            </span>
          )}
        </div>
      </div>
      <div className={`${css.column} ${css.wideColumn}`}>
        <h3 className={css.columnTitle}>{t(timed ? "attain.handOvers" : "attain.restsOn")}</h3>
        {links.length === 0 ? (
          <p className={css.note}>{t("attain.noLinks")}</p>
        ) : (
          <ol className={css.boxes}>
            {links.map((link, index) => (
              <LinkBox key={index} link={link} />
            ))}
          </ol>
        )}
        {timed && <p className={css.note}>{t("attain.handOversText")}</p>}
      </div>
    </div>
  );
}

function LinkBox({ link }: { link: Link }) {
  const { t, i18n } = useTranslation();
  return (
    <li className={css.box} data-mark={link.fails ? "gap" : link.value ? "ok" : "unknown"} data-first={link.first || undefined}>
      <span>
        <RefLink to={link.by.ref} title={link.by.title} />
        {link.first && <strong className={css.first}> {t("attain.first")}</strong>}
      </span>
      <span className={css.value}>{link.value ? typeset(link.value, i18n.language) : t("attain.says")}</span>
      <span className={css.note}>
        {[link.kind, link.what].filter(Boolean).join(" · ")}
        {link.promise && (
          <>
            {" · "}
            <RefLink to={link.promise.ref} title={link.promise.title} />
          </>
        )}
        {link.hours && (
          <>
            {" · "}
            <RefLink to={link.hours.ref} title={link.hours.title} />
          </>
        )}
      </span>
      {link.from && (
        <>
          <span className={css.line} aria-hidden="true">
            <span className={css.span} style={{ left: `${100 * link.start}%`, width: `${100 * link.length}%` }}>
              <span className={css.worked} style={{ width: `${100 * link.work}%` }} />
            </span>
          </span>
          <span className={css.note}>
            {typeset(link.to ? t("attain.fromTo", { from: link.from, to: link.to }) : link.from, i18n.language)}
            {link.waited && ` · ${typeset(t("attain.waited", { waited: link.waited, works: link.works }), i18n.language)}`}
          </span>
        </>
      )}
      {(link.short || link.outside) && (
        <span className={css.short}>
          {link.short && typeset(link.short, i18n.language)}
          {link.short && link.outside && " · "}
          {link.outside && typeset(t("attain.outside", { outside: link.outside }), i18n.language)}
        </span>
      )}
    </li>
  );
}
