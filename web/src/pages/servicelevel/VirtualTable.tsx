import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import css from "./VirtualTable.module.css";

export interface VirtualColumn<Row> {
  key: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** Width in px; one column takes what is left. */
  width: number | "auto";
  align?: "right";
  /** Names the row. */
  head?: boolean;
  /** The server sorts by it. */
  sorts?: boolean;
  /** Left out on a narrow screen. */
  wide?: boolean;
}

/** Rows drawn beyond those that are seen, so that a short scroll shows nothing empty. */
const AROUND = 6;

/**
 * A table of thousands of rows of which only those in sight are drawn. Its keys: arrows,
 * page up and down, home and end go from row to row.
 */
export function VirtualTable<Row>({
  label,
  columns,
  total,
  rowAt,
  rowKey,
  onRange,
  rowHeight,
  height,
  sort,
  onSort,
}: {
  label: string;
  columns: VirtualColumn<Row>[];
  total: number;
  rowAt: (index: number) => Row | undefined;
  rowKey: (row: Row) => string;
  onRange: (first: number, last: number) => void;
  rowHeight: number;
  height: number;
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const wanted = useRef<number | null>(null);
  const seen = Math.ceil(height / rowHeight);
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - AROUND, total - seen));
  const last = Math.min(total, first + seen + 2 * AROUND);
  useEffect(() => onRange(first, last), [first, last, onRange]);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const link = scroll.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.current}"] a[href]`);
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });
  const go = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("tr[data-index]");
    const now = row ? Number(row.dataset.index) : -1;
    const steps: Record<string, number> = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + seen - 1, PageUp: now - seen + 1, Home: 0, End: total - 1 };
    const to = steps[event.key];
    if (to === undefined || (!row && event.key !== "ArrowDown" && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(total - 1, to));
    wanted.current = index;
    const box = scroll.current;
    if (!box) return;
    const head = box.querySelector("thead")?.clientHeight ?? 0;
    const at = index * rowHeight;
    if (at < box.scrollTop) box.scrollTop = at;
    else if (at + rowHeight > box.scrollTop + box.clientHeight - head) box.scrollTop = at + rowHeight - box.clientHeight + head;
    setTop(box.scrollTop);
    const link = box.querySelector<HTMLElement>(`tr[data-index="${index}"] a[href]`);
    if (link) {
      wanted.current = null;
      link.focus({ preventScroll: true });
    }
  };
  return (
    <div ref={scroll} className={css.scroll} style={{ maxHeight: height }} tabIndex={0} role="group" aria-label={label} onScroll={(event) => setTop(event.currentTarget.scrollTop)} onKeyDown={go}>
      <table className={css.table} aria-rowcount={total + 1}>
        <caption className="visually-hidden">{label}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} data-wide={column.wide || undefined} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => {
              const sorted = sort === column.key ? "ascending" : sort === `-${column.key}` ? "descending" : undefined;
              return (
                <th key={column.key} scope="col" aria-sort={sorted} data-wide={column.wide || undefined} data-right={column.align === "right" || undefined}>
                  {column.sorts && onSort ? (
                    <button type="button" onClick={() => onSort(sorted === "ascending" ? `-${column.key}` : sorted === "descending" ? "" : column.key)}>
                      {column.label}
                      {sorted === "ascending" && <ArrowUp size={12} aria-hidden="true" />}
                      {sorted === "descending" && <ArrowDown size={12} aria-hidden="true" />}
                    </button>
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: first * rowHeight }} />}
          {Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n).map((index) => {
            const row = rowAt(index);
            return (
              <tr key={row ? rowKey(row) : index} data-index={index} aria-rowindex={index + 2} style={{ height: rowHeight }}>
                {columns.map((column) => {
                  const Cell = column.head ? "th" : "td";
                  return (
                    <Cell key={column.key} scope={column.head ? "row" : undefined} data-wide={column.wide || undefined} data-right={column.align === "right" || undefined}>
                      {row ? <div className={css.cell}>{column.render(row)}</div> : <span className={css.coming} />}
                    </Cell>
                  );
                })}
              </tr>
            );
          })}
          {last < total && <tr aria-hidden="true" style={{ height: (total - last) * rowHeight }} />}
        </tbody>
      </table>
    </div>
  );
}
