import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "../../api/types";
import { localText } from "../../format/text";
import { formatScalar } from "../../format/value";
import { RefLink } from "../../parts/RefLink";
import { groupByObject } from "./groups";
import css from "./History.module.css";

/** Changes as sentences, object by object: what was added, removed, or went from one value to another. */
export function Changes({ changes, withoutObject }: { changes: Change[]; withoutObject?: boolean }) {
  const { t, i18n } = useTranslation();
  const groups = groupByObject(changes);
  if (groups.length === 0) return <p className={css.soft}>{t("history.noChange")}</p>;
  return (
    <ul className={css.objects}>
      {groups.map((group) => (
        <li key={group.ref}>
          {!withoutObject && group.ref && (
            <div className={css.object}>
              {group.deleted ? (
                <span>{localText(group.title, i18n.language) || group.ref}</span>
              ) : (
                <RefLink to={group.ref} title={group.title} />
              )}{" "}
              {group.created && <span className={css.soft}>{t("history.created")}</span>}
              {group.deleted && <span className={css.soft}>{t("history.deleted")}</span>}
            </div>
          )}
          {group.changes.length > 0 && (
            <ul className={css.changes}>
              {group.changes.map((change, index) => (
                <li key={index}>
                  <ChangeLine change={change} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

const LONG = 60;

function ChangeLine({ change }: { change: Change }) {
  const { t, i18n } = useTranslation();
  const label = localText(change.label, i18n.language) || change.path;
  const show = (value: unknown) => formatScalar(value, undefined, i18n.language);
  const before = show(change.before);
  const after = show(change.after);
  if (change.op === "add" || (before === "" && after !== "")) {
    return (
      <>
        {t("history.added", { label })} {after && <ins className={css.after}>{after}</ins>}
      </>
    );
  }
  if (change.op === "remove" || (after === "" && before !== "")) {
    return (
      <>
        {t("history.removed", { label })} {before && <del className={css.before}>{before}</del>}
      </>
    );
  }
  if (before.length > LONG || after.length > LONG) {
    return (
      <>
        {t("history.rewritten", { label })}
        <Fragment>
          <del className={css.block}>{before}</del>
          <ins className={css.block}>{after}</ins>
        </Fragment>
      </>
    );
  }
  return (
    <>
      {t("history.set", { label })} <del className={css.before}>{before}</del> <span aria-hidden="true">→</span>{" "}
      <span className="visually-hidden">{t("whatIf.becomes")}</span>
      <ins className={css.after}>{after}</ins>
    </>
  );
}
