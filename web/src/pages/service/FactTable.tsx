import type { ServerTable } from "../../api/types";
import { RecordTable } from "../../parts/RecordTable";
import css from "./FactTable.module.css";

/** A section of the sheet that is a sentence and a table. */
export function FactTable({ facts, label, empty }: { facts: ServerTable | undefined; label: string; empty: string }) {
  const rows = facts?.rows ?? [];
  if (rows.length === 0) return <p className={css.sentence}>{facts?.sentence || empty}</p>;
  return (
    <>
      {facts?.sentence && <p className={css.sentence}>{facts.sentence}</p>}
      <RecordTable label={label} columns={facts?.columns ?? []} rows={rows} maxHeight={420} />
    </>
  );
}
