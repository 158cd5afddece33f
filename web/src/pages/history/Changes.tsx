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

/** Both values as people read them; a text that reads the same in their language is shown in the one that changed. */
function telling(change: Change, show: (value: unknown) => string): [string, string] {
  const before = show(change.before);
  const after = show(change.after);
  if (before !== after || !isText(change.before) || !isText(change.after)) return [before, after];
  const was = change.before;
  const is = change.after;
  const changed = (["fr", "en"] as const).filter((each) => (was[each] ?? "") !== (is[each] ?? ""));
  const write = (text: { en?: string; fr?: string }) =>
    changed.map((each) => (text[each] ? `${text[each]} (${each.toUpperCase()})` : "")).filter(Boolean).join(", ");
  return [write(was), write(is)];
}

const isText = (value: unknown): value is { en?: string; fr?: string } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && ("en" in value || "fr" in value);

function ChangeLine({ change }: { change: Change }) {
  const { t, i18n } = useTranslation();
  const label = localText(change.label, i18n.language) || change.path;
  const show = (value: unknown) => formatScalar(value, undefined, i18n.language);
  const [before, after] = telling(change, show);
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
