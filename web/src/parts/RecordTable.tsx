import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../api/queries";
import type { Mark, Ref } from "../api/types";
import { localText } from "../format/text";
import { formatScalar } from "../format/value";
import { type Column, DataTable } from "./DataTable";
import { ExportLinks } from "./ExportLinks";
import { RefLink } from "./RefLink";
import css from "./RecordTable.module.css";
import { SeverityMark, StatusMark } from "./StatusMark";

export interface RecordColumn {
  key: string;
  label: string;
  type?: string;
}
export interface RecordRow {
  ref?: Ref;
  cells: Record<string, unknown>;
}

/** A text longer than this, in characters, is a sentence. */
const LONG = 60;

const RIGHT = ["number", "integer", "money", "quantity", "percent", "availability", "duration", "figure"];

/** A table whose columns and rows the server describes: cells are drawn by the type of their column. */
export function RecordTable({
  label,
  columns,
  rows,
  keep,
  empty,
  maxHeight = 640,
  spreadsheet,
}: {
  label: string;
  columns: RecordColumn[];
  rows: RecordRow[];
  keep?: string;
  empty?: ReactNode;
  maxHeight?: number;
  /** Address of the table in the API, without its ending, where it has a spreadsheet. */
  spreadsheet?: string;
}) {
  const { t, i18n } = useTranslation();
  const zone = useSession().data?.organisation.zone;
  // Times stand on the organisation's clock, which must then be named.
  const timed = zone && columns.some((column) => column.type === "datetime" && rows.some((row) => row.cells[column.key]));
  const drawn = useMemo<Column<RecordRow>[]>(
    () =>
      columns.map((column, index) => ({
        key: column.key,
        label: column.label,
        fixed: index === 0,
        align: RIGHT.includes(column.type ?? "") ? "right" : undefined,
        minWidth: index > 0 ? leastWidth(rows, column) : undefined,
        whole: column.type === "datetime" || column.type === "date",
        sort: (row) => sortable(row.cells[column.key], i18n.language),
        render: (row) => (
          <Cell value={row.cells[column.key]} type={column.type} refTo={index === 0 ? row.ref : undefined} />
        ),
      })),
    [columns, rows, i18n.language],
  );
  // Sentences need their lines; names and figures do not.
  const short = useMemo(
    () => rows.every((row) => Object.values(row.cells).every((cell) => typeof cell !== "string" || cell.length <= LONG)),
    [rows],
  );
  const table = (
    <DataTable
      label={label}
      columns={drawn}
      rows={rows}
      rowKey={(row) => `${row.ref ?? ""}#${JSON.stringify(row.cells)}`}
      keep={keep}
      dense={short}
      maxHeight={maxHeight}
      empty={empty}
      tools={spreadsheet && <ExportLinks path={spreadsheet} label={label} />}
    />
  );
  if (!timed) return table;
  return (
    <>
      {table}
      <p className={css.clock}>{t("record.clockOf", { zone })}</p>
    </>
  );
}

function sortable(value: unknown, language: string): string | number {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "title" in value)
    return localText((value as { title: string }).title, language);
  return typeof value === "string" ? value : formatScalar(value, undefined, language);
}

/** The least width of a column, in px, by what its cells hold: lists of titles need most. */
function leastWidth(rows: RecordRow[], column: RecordColumn): number | undefined {
  const values = rows.map((row) => row.cells[column.key]);
  if (values.some((value) => Array.isArray(value) && value.length > 0)) return 150;
  return values.some((value) => typeof value === "object" && value !== null && "ref" in value) ? 105 : undefined;
}

const MARKS = ["ok", "risk", "gap", "unknown"];

/** One cell of a working list: a reference, a status, or a value with its unit. */
function Cell({ value, type, refTo }: { value: unknown; type?: string; refTo?: string }) {
  const { i18n } = useTranslation();
  const zone = useSession().data?.organisation.zone;
  if (value === null || value === undefined || value === "") return refTo ? <RefLink to={refTo} /> : null;
  if (type === "mark" || type === "status") {
    if (MARKS.includes(String(value))) return <StatusMark status={value as Mark} word />;
  }
  if (type === "severity" && (value === "error" || value === "warning" || value === "info")) {
    return <SeverityMark severity={value} word />;
  }
  if (Array.isArray(value)) return <Several values={value} type={type} />;
  if (typeof value === "object" && "ref" in value) {
    const named = value as { ref: string; title?: string };
    return <RefLink to={named.ref} title={named.title} />;
  }
  if (type === "ref" && typeof value === "string" && value.includes("/")) return <RefLink to={value} />;
  const text = formatScalar(type === "quantity" ? computed(String(value)) : value, type ? { type: type as never } : undefined, i18n.language, "short", zone);
  if (refTo) return <RefLink to={refTo}>{text}</RefLink>;
  return type === "date" ? <span className={css.whole}>{text}</span> : <>{text}</>;
}

/** How many values of a cell are shown before the rest is folded away. */
const SHOWN = 3;

/**
 * Several values of one cell, one below the other, the rest folded away. What is
 * folded is drawn once it is opened: an imported service may lack data of hundreds
 * of hosts, and a list of such services would hold tens of thousands of links.
 */
function Several({ values, type }: { values: unknown[]; type?: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const line = (each: unknown, index: number) => (
    <div key={index} className={css.one}>
      <Cell value={each} type={type} />
    </div>
  );
  const rest = values.slice(SHOWN);
  return (
    <>
      {values.slice(0, SHOWN).map(line)}
      {rest.length > 0 && (
        <details onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary className={css.more}>{t("process.more", { count: rest.length })}</summary>
          {opened && rest.map(line)}
        </details>
      )}
    </>
  );
}

/** A computed quantity with at most two decimals once it is above ten: more tell nothing in a list. */
function computed(quantity: string): string {
  return quantity.replace(/^(-?\d{2,})\.(\d{3,})/, (all) => String(Math.round(Number(all) * 100) / 100));
}
