import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryString } from "../../api/client";
import { useResource } from "../../api/queries";
import type { Mark } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { RefPicker } from "../../parts/RefPicker";
import { StatusMark } from "../../parts/StatusMark";
import { useFilters } from "../../parts/useFilters";
import css from "./Objectives.module.css";
import type { Objective, ObjectiveList } from "./objectives";
import { BudgetBar, Trend } from "./Trend";

const MARKS: Mark[] = ["gap", "risk", "unknown", "ok"];
const SHOWN = 100;

/** The address of one promise. */
export const objectivePath = (id: string) => ({ to: "/service-levels/objective", search: { id } as never }) as const;

/** How all promises stand, those most at risk first. */
export function ObjectivesPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const [text, setText] = useState(filters.q ?? "");
  const write = useDebouncedCallback((q: string) => setFilters({ q: q || undefined, cursor: undefined }), 250);
  const asked = { q: filters.q, customer: filters.customer, service: filters.service, status: filters.status };
  const query = useResource<ObjectiveList>(
    "/service-levels/objectives",
    { ...asked, limit: SHOWN, cursor: filters.cursor },
    { keep: true },
  );
  const columns = useColumns();
  const first = Number(filters.cursor ?? 0);
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
      <div className={css.filters}>
        <TextInput
          label={t("objective.words")}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            write(event.currentTarget.value);
          }}
        />
        <RefPicker
          labelled
          label={t("objective.customer")}
          kinds={["customer"]}
          value={filters.customer}
          onChange={(ref) => setFilters({ customer: ref ?? undefined, cursor: undefined })}
        />
        <RefPicker
          labelled
          label={t("objective.service")}
          kinds={["service"]}
          value={filters.service}
          onChange={(ref) => setFilters({ service: ref ?? undefined, cursor: undefined })}
        />
      </div>
      <Awaited query={query} lines={12}>
        {(data) => (
          <>
            <div className={css.counts} role="group" aria-label={t("objective.status")}>
              {MARKS.map((mark) => (
                <Button
                  key={mark}
                  size="compact-md"
                  variant={filters.status === mark ? "filled" : "default"}
                  aria-pressed={filters.status === mark}
                  onClick={() => setFilters({ status: filters.status === mark ? undefined : mark, cursor: undefined })}
                >
                  <span className={css.word}>
                    {filters.status !== mark && <MarkShape mark={mark} />}
                    {t(`objective.mark.${mark}`)} {data.counts[mark]}
                  </span>
                </Button>
              ))}
            </div>
            <Panel id="objectives" title={t("objective.list", { count: data.total })} flush>
              <DataTable
                label={t("objective.title")}
                columns={columns}
                rows={data.items}
                rowKey={(row) => row.id}
                keep="objectives"
                maxHeight={720}
                empty={<Empty title={t("objective.none")}>{t("objective.noneText")}</Empty>}
                tools={<Exports query={asked} />}
              />
            </Panel>
            {(first > 0 || data.next) && (
              <div className={css.form}>
                <Button
                  variant="default"
                  disabled={first === 0}
                  onClick={() => setFilters({ cursor: first > SHOWN ? String(first - SHOWN) : undefined })}
                >
                  {t("objective.before")}
                </Button>
                <Button variant="default" disabled={!data.next} onClick={() => setFilters({ cursor: data.next })}>
                  {t("objective.after")}
                </Button>
                <span className={css.soft}>{typeset(t("objective.range", { from: first + 1, to: first + data.items.length, total: data.total }), i18n.language)}</span>
              </div>
            )}
          </>
        )}
      </Awaited>
    </Page>
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

function Exports({ query }: { query: Record<string, string | undefined> }) {
  const { t, i18n } = useTranslation();
  const search = queryString({ ...query, lang: i18n.language === "fr" ? "fr" : "en" });
  return (
    <>
      {(["xlsx", "csv"] as const).map((format) => (
        <a
          key={format}
          className={css.word}
          style={{ fontSize: 12.5, marginLeft: 10 }}
          href={`/api/v1/service-levels/objectives/export/objectives.${format}${search}`}
          aria-label={t("table.exportAs", { label: t("objective.title"), format: format.toUpperCase() })}
        >
          <Download size={13} aria-hidden="true" />
          {format.toUpperCase()}
        </a>
      ))}
    </>
  );
}

function useColumns(): Column<Objective>[] {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const title = (named?: { title: Objective["of"]["title"] }) => (named ? localText(named.title, i18n.language) : "");
    return [
      {
        key: "target",
        label: t("objective.promise"),
        fixed: true,
        minWidth: 170,
        sort: (row) => `${title(row.service)} ${row.label}`,
        render: (row) => (
          <>
            <Link {...objectivePath(row.id)}>
              {t("objective.name", { service: title(row.service), label: row.label })}
            </Link>
            <div className={css.soft}>{title(row.of)}</div>
            {row.yields && <div className={css.soft}>{typeset(row.yields, i18n.language)}</div>}
          </>
        ),
      },
      { key: "mark", label: t("objective.status"), whole: true, render: (row) => <Standing mark={row.mark} /> },
      { key: "customer", label: t("objective.customer"), optional: true, sort: (row) => title(row.customer), render: (row) => row.customer && <RefLink to={row.customer.ref} title={row.customer.title} /> },
      { key: "promised", label: t("objective.promised"), align: "right", sort: (row) => row.promised, render: (row) => typeset(row.promised, i18n.language) },
      {
        key: "attained",
        label: t("objective.attained"),
        align: "right",
        sort: (row) => row.attained ?? "",
        render: (row) => (
          <>
            {row.attained ? typeset(row.attained, i18n.language) : "—"}
            <div className={css.soft}>
              {row.basis === "declared" ? t("objective.declared") : row.coverage ? typeset(t("objective.covered", { coverage: row.coverage }), i18n.language) : ""}
            </div>
          </>
        ),
      },
      { key: "window", label: t("objective.window"), sort: (row) => row.window.until, render: (row) => row.window.label },
      {
        key: "budget",
        label: t("objective.budget"),
        whole: true,
        sort: (row) => row.budget?.spent ?? -1,
        render: (row) => (row.budget ? <BudgetBar spent={row.budget.spent} left={row.budget.left} /> : "—"),
      },
      {
        key: "trend",
        label: t("objective.trend"),
        whole: true,
        render: (row) => <Trend closed={row.trend} about={`${title(row.service)} ${row.label}`} />,
      },
      {
        key: "forecast",
        label: t("objective.forecast"),
        minWidth: 180,
        sort: (row) => row.breach ?? "9",
        render: (row) => typeset(row.forecast ?? row.cases ?? (row.basis === "declared" ? "" : row.basisText), i18n.language),
      },
    ];
  }, [t, i18n.language]);
}
