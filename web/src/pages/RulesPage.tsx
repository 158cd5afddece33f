import { Button, Select } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useResource } from "../api/queries";
import { type Finding, type Page as ListPage, PROCESSES, type Rule } from "../api/types";
import { type Column, DataTable } from "../parts/DataTable";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Page, Panel } from "../parts/Page";
import { Prose } from "../parts/Prose";
import { SeverityMark } from "../parts/StatusMark";
import { useFilters } from "../parts/useFilters";

/** The catalogue of rules: what it means here for a design to have no gap. */
export function RulesPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const query = useResource<Rule[]>("/rules");
  const columns = useMemo<Column<Rule>[]>(
    () => [
      {
        key: "id",
        label: t("rules.id"),
        fixed: true,
        width: 100,
        sort: (rule) => rule.id,
        render: (rule) => (
          <Link to="/rules/$id" params={{ id: rule.id }}>
            {rule.id}
          </Link>
        ),
      },
      { key: "title", label: t("rules.rule"), sort: (rule) => rule.title, render: (rule) => rule.title },
      {
        key: "process",
        label: t("findings.process"),
        width: 260,
        sort: (rule) => PROCESSES.indexOf(rule.process),
        render: (rule) => t(`process.${rule.process}`),
      },
      {
        key: "severity",
        label: t("rules.severity"),
        width: 130,
        sort: (rule) => ["error", "warning", "info"].indexOf(rule.severity),
        render: (rule) => <SeverityMark severity={rule.severity} word />,
      },
    ],
    [t],
  );
  return (
    <Page title={t("rules.title")} lead={t("rules.lead")}>
      <Awaited query={query} lines={14}>
        {(data) => {
          const rules = data.filter((rule) => !filters.process || rule.process === filters.process);
          return (
            <Panel
              id="rules"
              flush
              title={t("rules.count", { count: rules.length })}
              actions={
                <Select
                  size="xs"
                  aria-label={t("findings.process")}
                  placeholder={t("findings.process")}
                  data={PROCESSES.map((process) => ({ value: process, label: t(`process.${process}`) }))}
                  value={filters.process ?? null}
                  onChange={(value) => setFilters({ process: value ?? undefined })}
                  clearable
                  clearButtonProps={{ "aria-label": t("action.clear") }}
                  w={260}
                />
              }
            >
              <DataTable label={t("rules.title")} columns={columns} rows={rules} rowKey={(rule) => rule.id} />
            </Panel>
          );
        }}
      </Awaited>
    </Page>
  );
}

/** One rule: what it says, why it matters, what to do, and where it speaks now. */
export function RulePage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useResource<Rule>(`/rules/${id}`);
  const findings = useModel<ListPage<Finding>>("/findings", { rule: id, limit: 100 });
  return (
    <Awaited page query={query}>
      {(rule) => (
        <Page
          above={<Link to="/rules">{t("rules.title")}</Link>}
          title={`${rule.id} · ${rule.title}`}
          lead={<SeverityMark severity={rule.severity} word />}
          actions={
            <Button component={Link} to={`/processes/${rule.process}` as never} variant="default">
              {t(`process.${rule.process}`)}
            </Button>
          }
        >
          <Panel id="explanation" title={t("rules.explanation")}>
            <Prose text={rule.explanation ?? ""} />
            {rule.remedy && (
              <>
                <h3>{t("rules.remedy")}</h3>
                <Prose text={rule.remedy} />
              </>
            )}
          </Panel>
          <Panel id="now" title={t("rules.now")} flush>
            <Awaited query={findings} lines={4}>
              {(data) => (
                <FindingList
                  findings={data.items ?? []}
                  limit={20}
                  empty={<Empty title={t("rules.silent")}>{t("rules.silentText")}</Empty>}
                />
              )}
            </Awaited>
          </Panel>
        </Page>
      )}
    </Awaited>
  );
}
