import type { Finding } from "../api/types";
import { SeverityMark } from "../parts/StatusMark";
import css from "./Editor.module.css";

/** Findings that rest on one field, said beside it. */
export function FieldNotes({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={css.notes}>
      {findings.map((finding) => (
        <li key={finding.id}>
          <SeverityMark severity={finding.severity} outcome={finding.outcome} size={11} />
          <span>
            {finding.text} <span className={css.soft}>{finding.rule}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
