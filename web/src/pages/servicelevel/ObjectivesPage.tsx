import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mark } from "../../api/types";
import { formatDate } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { StatusMark } from "../../parts/StatusMark";
import { useFilters } from "../../parts/useFilters";
import { Downloads } from "./Downloads";
import css from "./Objectives.module.css";
import type { Objective } from "./objectives";
import { BudgetBar, Trend } from "./Trend";
import { useObjectiveRows } from "./useObjectiveRows";
import { type VirtualColumn, VirtualTable } from "./VirtualTable";

const MARKS: Mark[] = ["gap", "risk", "unknown", "ok", "none"];
const ROW = 64;

/** The address of one promise. */
export const objectivePath = (id: string) => ({ to: "/service-levels/objective", search: { id } as never }) as const;

/** How all promises stand, those most at risk first. */
export function ObjectivesPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const asked = { q: filters.q, of: filters.of, customer: filters.customer, service: filters.service, status: filters.status };
  const rows = useObjectiveRows({ ...asked, sort: filters.sort });
  const columns = useColumns();
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("objective.title")}
      lead={t("objective.lead")}
    >
      <nav className={css.siblings} aria-label={t("objective.more")}>
        <Link to="/service-levels/comparison">{t("comparison.title")}</Link>
        <Link to="/service-levels/probes">{t("probes.title")}</Link>
        <Link to="/service-levels/rules">{t("files.title")}</Link>
      </nav>
      <ObjectiveFilters />
      <Awaited query={rows.first} lines={12}>
        {(data) => (
          <>
            <div className={css.counts} role="group" aria-label={t("objective.status")}>
              {MARKS.map((mark) => (
                <Button
                  key={mark}
                  size="compact-md"
                  variant={filters.status === mark ? "filled" : "default"}
                  aria-pressed={filters.status === mark}
                  onClick={() => setFilters({ status: filters.status === mark ? undefined : mark })}
                >
                  <span className={css.word}>
                    {filters.status !== mark && <MarkShape mark={mark} />}
                    {t(`objective.mark.${mark}`)} {data.counts[mark]}
                  </span>
                </Button>
              ))}
            </div>
            <Panel
              id="objectives"
              title={t("objective.list", { count: data.total })}
              actions={<Downloads path="/service-levels/objectives/export/objectives" query={asked} label={t("objective.title")} />}
              flush
            >
              {data.total === 0 ? (
                <Empty title={t("objective.none")}>{t("objective.noneText")}</Empty>
              ) : (
                <VirtualTable
                  key={JSON.stringify(asked)}
                  label={t("objective.title")}
                  columns={columns}
                  total={data.total}
                  rowAt={rows.at}
                  rowKey={(row) => row.id}
                  onRange={rows.show}
                  rowHeight={ROW}
                  height={Math.max(420, window.innerHeight - 200)}
                  sort={filters.sort}
                  onSort={(sort) => setFilters({ sort: sort || undefined })}
                />
              )}
            </Panel>
          </>
        )}
      </Awaited>
    </Page>
  );
}

/** Words, customer and service that select promises; they live in the address. */
export function ObjectiveFilters() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const [text, setText] = useState(filters.q ?? "");
  const write = useDebouncedCallback((q: string) => setFilters({ q: q || undefined }), 250);
  return (
    <div className={css.filters}>
      <TextInput
        label={t("objective.words")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          write(event.currentTarget.value);
        }}
      />
      <RefPicker labelled label={t("objective.customer")} kinds={["customer"]} value={filters.customer} onChange={(ref) => setFilters({ customer: ref ?? undefined })} />
      <RefPicker labelled label={t("objective.service")} kinds={["service"]} value={filters.service} onChange={(ref) => setFilters({ service: ref ?? undefined })} />
    </div>
  );
}

/** The shape of a status without its word, which stands beside it. */
function MarkShape({ mark }: { mark: Mark }) {
  return (
    <span aria-hidden="true" style={{ display: "inline-flex" }}>
      <StatusMark status={mark} size={12} />
    </span>
  );
}

/** The status of a promise by shape and word. */
export function Standing({ mark }: { mark: Mark }) {
  const { t } = useTranslation();
  return (
    <span className={css.word}>
      <MarkShape mark={mark} />
      {t(`objective.mark.${mark}`)}
    </span>
  );
}

function useColumns(): VirtualColumn<Objective>[] {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const say = (text: string) => typeset(text, i18n.language);
    const title = (named?: { title: Objective["of"]["title"] }) => (named ? localText(named.title, i18n.language) : "");
    return [
      { key: "mark", label: t("objective.status"), width: 94, render: (row) => <Standing mark={row.mark} /> },
      {
        key: "service",
        label: t("objective.promise"),
        width: "auto",
        head: true,
        sorts: true,
        render: (row) => {
          const under = [title(row.of), title(row.customer), row.yields].filter(Boolean).join(" · ");
          return (
            <>
              <div className={css.two}>
                <Link {...objectivePath(row.id)}>{t("objective.name", { service: title(row.service), label: row.label })}</Link>
              </div>
              <div className={`${css.soft} ${css.cut}`} title={under}>
                {under}
              </div>
            </>
          );
        },
      },
      { key: "promised", label: t("objective.promised"), width: 82, align: "right", wide: true, render: (row) => say(row.promised) },
      {
        key: "attained",
        label: t("objective.attained"),
        width: 122,
        align: "right",
        sorts: true,
        render: (row) => (
          <>
            {row.attained ? say(row.attained) : "—"}
            <div className={css.soft}>
              {row.basis === "declared" ? t("objective.declared") : row.coverage ? say(t("objective.covered", { coverage: row.coverage })) : ""}
            </div>
            {row.provisional && (
              <div className={css.soft} title={say(row.provisional)}>
                {t("objective.provisional")}
              </div>
            )}
          </>
        ),
      },
      { key: "window", label: t("objective.window"), width: 92, wide: true, render: (row) => row.window.label.replaceAll("\u00a0", " ") },
      {
        key: "budget",
        label: t("objective.budget"),
        width: 138,
        sorts: true,
        wide: true,
        render: (row) => (row.budget ? <BudgetBar spent={row.budget.spent} left={row.budget.left} stacked /> : "—"),
      },
      { key: "trend", label: t("objective.trend"), width: 110, wide: true, render: (row) => <Trend closed={row.trend} about={`${title(row.service)} ${row.label}`} /> },
      {
        key: "forecast",
        label: t("objective.forecast"),
        width: 150,
        sorts: true,
        wide: true,
        render: (row) => {
          const told = say(row.forecast ?? row.cases ?? (row.basis === "declared" ? "" : row.basisText));
          const short = row.breach && row.mark !== "gap" ? say(t("objective.breaksOn", { date: formatDate(row.breach, i18n.language) })) : told;
          return (
            <div className={css.three} title={told}>
              {short}
            </div>
          );
        },
      },
    ];
  }, [t, i18n.language]);
}
