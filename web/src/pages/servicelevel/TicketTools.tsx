import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { splitRef } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import css from "./Objectives.module.css";

interface Pull {
  source: string;
  tool: "itop" | "glpi";
  host: string;
  every: string;
  asked?: string;
  answered?: string;
  problem?: string;
  taken?: { added: number; changed: number; same: number; unplaced: number; errors: { line?: number; message: string }[] };
}

const TOOLS = { itop: "iTop", glpi: "GLPI" };

/** The ticket tools that the server asks for cases, and why an answer is missing; nothing where it asks none. */
export function TicketTools() {
  const { t, i18n } = useTranslation();
  const query = useResource<Pull[]>("/cases/pulls");
  const columns = useMemo<Column<Pull>[]>(
    () => [
      { key: "source", label: t("tickets.source"), fixed: true, minWidth: 160, sort: (row) => row.source, render: (row) => <RefLink to={row.source} /> },
      {
        key: "tool",
        label: t("tickets.tool"),
        minWidth: 160,
        render: (row) => (
          <>
            {TOOLS[row.tool]}
            <div className={css.soft}>{row.host}</div>
          </>
        ),
      },
      {
        key: "state",
        label: t("objective.status"),
        minWidth: 220,
        sort: (row) => (row.problem ? 0 : 1),
        render: (row) => (
          <>
            <StatusMark status={row.problem ? "gap" : row.answered ? "ok" : "unknown"} about={splitRef(row.source).name} /> {row.problem ?? t(row.answered ? "tickets.answers" : "tickets.waits")}
            {row.taken?.errors.map((error) => (
              <div key={`${error.line}${error.message}`} className={css.soft}>
                {error.message}
              </div>
            ))}
          </>
        ),
      },
      { key: "answered", label: t("tickets.answered"), minWidth: 150, sort: (row) => row.answered ?? "", render: (row) => (row.answered ? formatInstant(row.answered, i18n.language) : "—") },
      {
        key: "taken",
        label: t("tickets.taken"),
        minWidth: 180,
        render: (row) => (
          <>
            {row.taken ? t("tickets.counts", { ...row.taken }) : "—"}
            {row.taken && row.taken.unplaced > 0 && <div className={css.soft}>{t("tickets.unplaced", { count: row.taken.unplaced })}</div>}
          </>
        ),
      },
    ],
    [t, i18n.language],
  );
  if (!query.data || query.data.length === 0) {
    return null;
  }
  return (
    <Panel id="tickets" title={t("tickets.title")} flush>
      <DataTable label={t("tickets.title")} columns={columns} rows={query.data} rowKey={(row) => row.source} maxHeight={480} />
    </Panel>
  );
}
