import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useKnownSession } from "../../api/queries";
import type { Entry } from "../../api/types";
import { formatInstant } from "../../format/format";
import { Changes } from "./Changes";
import { groupByObject } from "./groups";
import css from "./History.module.css";

const FOLD = 4;

/** Entries of the log, newest first: who did what, when and why, then the changes themselves. */
export function EntryList({ entries, withoutObject }: { entries: Entry[]; withoutObject?: boolean }) {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const types = ["change", "decision", "approval", "seal", "access"] as const;
  return (
    <ol className={css.entries}>
      {entries.map((entry) => {
        const changes = entry.changes ?? [];
        const objects = groupByObject(changes).length;
        const type = types.find((each) => each === entry.type) ?? "change";
        return (
          <li key={entry.seq} className={css.entry} id={`entry-${entry.seq}`}>
            <div className={css.head}>
              <span className={css.what}>{entry.title || t(`history.type.${type}`)}</span>
              <span className={css.who}>
                {entry.actor?.name && `${entry.actor.name} · `}
                <time dateTime={entry.time}>{formatInstant(entry.time, i18n.language, organisation.zone)}</time>
                {" · "}
                <Link to="/compare" search={{ from: String(entry.seq - 1), to: String(entry.seq) }}>
                  {t("history.seq", { seq: entry.seq })}
                </Link>
              </span>
            </div>
            {entry.reason && <p className={css.reason}>{entry.reason}</p>}
            {changes.length > 0 &&
              (objects > FOLD || changes.length > 3 * FOLD ? (
                <details className={css.more}>
                  <summary>{t("history.changes", { count: changes.length })}</summary>
                  <Changes changes={changes} withoutObject={withoutObject} />
                </details>
              ) : (
                <Changes changes={changes} withoutObject={withoutObject} />
              ))}
          </li>
        );
      })}
    </ol>
  );
}
