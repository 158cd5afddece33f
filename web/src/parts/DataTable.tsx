import { Button, Menu } from "@mantine/core";
import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./DataTable.module.css";

export interface Column<Row> {
  key: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** The value to sort by; without it the column does not sort. */
  sort?: (row: Row) => string | number;
  align?: "right" | "center";
  /** Not shown until the reader chooses it. */
  optional?: boolean;
  /** Always shown: the column that names the row. */
  fixed?: boolean;
  width?: number | string;
  /** The least width, in px, of a column whose texts would else break into a tower of words. */
  minWidth?: number;
  /** What it holds is never cut, however dense the table. */
  whole?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Where the reader's choice of columns is kept; without it there is no choice. */
  keep?: string;
  /** Sorting done by the server: the column key, with "-" in front for descending. */
  serverSort?: { value: string; onChange: (value: string) => void; keys: string[] };
  empty?: ReactNode;
  maxHeight?: number | string;
  /** One line a row, however long its texts: what does not fit shows on hover and on the object's page. */
  dense?: boolean;
  /** Ways to take the table away, beside the choice of columns. */
  tools?: ReactNode;
  /** A row that belongs under another, e.g. its expansion. */
  below?: (row: Row) => ReactNode;
}

/** With more columns than this, those that name things give way to those that tell something. */
const MANY = 7;

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});

/** The widest that a text of a table that does not fit may be, in px, tried one after the other. */
const CUTS = [200, 185, 170, 155, 142, 130, 118, 107, 97, 88, 78];

/** Fits a table into its page: room between columns is given up first, then the longest texts are cut. */
function fit(scroll: HTMLElement) {
  const table = scroll.querySelector("table");
  if (!table) return;
  const fits = () => scroll.scrollWidth <= scroll.clientWidth;
  table.style.removeProperty("--cut");
  delete table.dataset.snug;
  if (fits()) return;
  table.dataset.snug = "";
  for (const cut of CUTS) {
    if (fits()) return;
    table.style.setProperty("--cut", `${cut}px`);
  }
}

/** A dense table: sticky header, sorting, a choice of columns, arrow keys from row to row. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, keep, serverSort, label, empty, maxHeight, below, dense, tools } = props;
  const { t, i18n } = useTranslation();
  const [sorting, setSorting] = useState<SortingState>([]);
  const [visibility, setVisibility] = useColumnChoice(keep, columns);

  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.key,
        header: column.label,
        accessorFn: (row: Row) => column.sort?.(row) ?? "",
        enableSorting: Boolean(column.sort),
        sortFn: (a, b, id) => {
          const left = a.getValue(id);
          const right = b.getValue(id);
          if (typeof left === "number" && typeof right === "number") return left - right;
          return String(left).localeCompare(String(right), i18n.language, { numeric: true, sensitivity: "base" });
        },
      })),
    [columns, i18n.language],
  );
  const byKey = useMemo(() => new Map(columns.map((column) => [column.key, column])), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    manualSorting: Boolean(serverSort),
    state: { sorting: serverSort ? [] : sorting, columnVisibility: visibility },
    onSortingChange: setSorting,
    onColumnVisibilityChange: setVisibility,
    getRowId: rowKey,
  });

  const sortOf = (key: string): "asc" | "desc" | false => {
    if (serverSort) return serverSort.value === key ? "asc" : serverSort.value === `-${key}` ? "desc" : false;
    const state = sorting.find((each) => each.id === key);
    return state ? (state.desc ? "desc" : "asc") : false;
  };
  const toggle = (key: string) => {
    const now = sortOf(key);
    if (serverSort) serverSort.onChange(now === "asc" ? `-${key}` : now === "desc" ? "" : key);
    else setSorting(now === "asc" ? [{ id: key, desc: true }] : now === "desc" ? [] : [{ id: key, desc: false }]);
  };

  const visible = columns.filter((column) => visibility[column.key] !== false);
  const scroll = useRef<HTMLDivElement>(null);
  const shown = visible.map((column) => column.key).join();
  useLayoutEffect(() => {
    if (scroll.current) fit(scroll.current);
  }, [rows, columns, shown, dense]);
  useEffect(() => {
    const element = scroll.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      fit(element);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [rows.length > 0]);
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <div>
      {(keep || tools) && (
        <div className={css.tools}>
          {tools}
          {keep && <ColumnChoice columns={columns} visibility={visibility} onChange={setVisibility} />}
        </div>
      )}
      <div ref={scroll} className={css.scroll} style={{ maxHeight }} tabIndex={0} role="group" aria-label={label}>
        <table className={css.table} data-dense={dense || undefined} data-many={visible.length > MANY || undefined}>
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {visible.map((column) => {
                const sorted = sortOf(column.key);
                const sortable = serverSort ? serverSort.keys.includes(column.key) : Boolean(column.sort);
                return (
                  <th
                    key={column.key}
                    scope="col"
                    style={{ textAlign: column.align, width: column.width }}
                    aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
                  >
                    {sortable ? (
                      <button type="button" className={css.sort} onClick={() => toggle(column.key)}>
                        {column.label}
                        {sorted === "asc" && <ArrowUp size={12} aria-hidden="true" />}
                        {sorted === "desc" && <ArrowDown size={12} aria-hidden="true" />}
                      </button>
                    ) : (
                      column.label
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody onKeyDown={moveBetweenRows} onMouseOver={dense ? nameWhatIsCut : undefined}>
            {table.getRowModel().rows.map((row) => {
              const under = below?.(row.original);
              return [
                <tr key={row.id}>
                  {visible.map((column) => {
                    const content = byKey.get(column.key)?.render(row.original);
                    return column.fixed ? (
                      <th key={column.key} scope="row" className={css.rowHead}>
                        {content}
                      </th>
                    ) : (
                      <td
                        key={column.key}
                        style={{ textAlign: column.align, minWidth: column.minWidth && `min(${column.minWidth}px, var(--cut, ${column.minWidth}px))`, maxWidth: column.whole ? "none" : undefined }}
                        data-right={column.align === "right" || undefined}
                      >
                        {content}
                      </td>
                    );
                  })}
                </tr>,
                under ? (
                  <tr key={`${row.id}-below`} className={css.below}>
                    <td colSpan={visible.length}>{under}</td>
                  </tr>
                ) : null,
              ];
            })}
          </tbody>
        </table>
        {rows.length === 0 && <p className={css.nothing}>{t("state.noRows")}</p>}
      </div>
    </div>
  );
}

/** A cell whose text is cut tells it whole on hover. */
function nameWhatIsCut(event: MouseEvent<HTMLTableSectionElement>) {
  const cell = (event.target as HTMLElement).closest<HTMLElement>("td, th");
  if (cell && cell.scrollWidth > cell.clientWidth && !cell.title) cell.title = cell.textContent ?? "";
}

/** Arrow up and down move from a row's first link or button to the next row's. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const target = event.target as HTMLElement;
  if (target.closest("input, textarea, select, [role=combobox]")) return;
  let row: Element | null | undefined = target.closest("tr");
  while (row) {
    row = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const next = row?.querySelector<HTMLElement>("a[href], button");
    if (next) {
      event.preventDefault();
      next.focus();
      return;
    }
  }
}

type Visibility = Record<string, boolean>;

function useColumnChoice<Row>(keep: string | undefined, columns: Column<Row>[]) {
  const storage = keep ? `diapason-columns-${keep}` : undefined;
  const [chosen, setChosen] = useState<Visibility>(() => {
    if (!storage) return {};
    try {
      return JSON.parse(localStorage.getItem(storage) ?? "{}") as Visibility;
    } catch {
      return {};
    }
  });
  const visibility = useMemo(() => {
    const result: Visibility = {};
    for (const column of columns) result[column.key] = column.fixed || (chosen[column.key] ?? !column.optional);
    return result;
  }, [chosen, columns]);
  const set = (update: Visibility | ((before: Visibility) => Visibility)) => {
    const next = typeof update === "function" ? update(visibility) : update;
    setChosen(next);
    if (!storage) return;
    try {
      localStorage.setItem(storage, JSON.stringify(next));
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  return [visibility, set] as const;
}

function ColumnChoice<Row>({
  columns,
  visibility,
  onChange,
}: {
  columns: Column<Row>[];
  visibility: Visibility;
  onChange: (next: Visibility) => void;
}) {
  const { t } = useTranslation();
  return (
      <Menu position="bottom-end" closeOnItemClick={false} withinPortal>
        <Menu.Target>
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<Columns3 size={13} aria-hidden="true" />}
            aria-haspopup="menu"
          >
            {t("table.columns")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
          {columns
            .filter((column) => !column.fixed)
            .map((column) => (
              <Menu.CheckboxItem
                key={column.key}
                checked={visibility[column.key] ?? false}
                onChange={(checked) => onChange({ ...visibility, [column.key]: checked })}
                closeMenuOnClick={false}
              >
                {column.label}
              </Menu.CheckboxItem>
            ))}
        </Menu.Dropdown>
      </Menu>
  );
}
