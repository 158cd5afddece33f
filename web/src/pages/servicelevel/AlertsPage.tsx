import { Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { localText, typeset } from "../../format/text";
import type { Named } from "../../api/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { SeverityMark } from "../../parts/StatusMark";
import { useFilters } from "../../parts/useFilters";

/** An alert of a service level; its text is in the reader's language. */
export interface Alert {
  id: string;
  state: "firing" | "resolved";
  kind: "burn" | "not-measured";
  severity: "page" | "ticket";
  agreement: Named;
  customer?: Named;
  service: Named;
  target: string;
  text: string;
  since: string;
  until?: string;
}

const DAYS = ["1", "7", "30", "90", "400"];

/** Budgets that are used too fast and what is no longer measured: now, and in the last days. */
export function AlertsPage() {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const [filters, setFilters] = useFilters();
  const days = DAYS.includes(filters.days ?? "") ? filters.days : "7";
  const query = useResource<Alert[]>("/service-levels/alerts", { days }, { keep: true, every: 60_000 });
  const columns = useMemo<Column<Alert>[]>(
    () => [
      {
        key: "state",
        label: t("alert.state"),
        fixed: true,
        whole: true,
        sort: (alert) => (alert.state === "firing" ? 0 : 2) + (alert.severity === "page" ? 0 : 1),
        render: (alert) =>
          alert.state === "firing" ? (
            <span style={{ display: "inline-flex", gap: 6, alignItems: "center" }}>
              <span aria-hidden="true" style={{ display: "inline-flex" }}>
                <SeverityMark severity={alert.severity === "page" ? "error" : "warning"} />
              </span>
              {t(`alert.${alert.severity}`)}
            </span>
          ) : (
            t("alert.over")
          ),
      },
      {
        key: "since",
        label: t("alert.since"),
        whole: true,
        sort: (alert) => alert.since,
        render: (alert) => formatInstant(alert.since, i18n.language, organisation.zone),
      },
      {
        key: "until",
        label: t("alert.until"),
        whole: true,
        sort: (alert) => alert.until ?? "",
        render: (alert) => alert.until && formatInstant(alert.until, i18n.language, organisation.zone),
      },
      {
        key: "service",
        label: t("alert.service"),
        sort: (alert) => localText(alert.service.title, i18n.language),
        render: (alert) => <RefLink to={alert.service.ref} title={alert.service.title} />,
      },
      { key: "text", label: t("alert.text"), minWidth: 320, render: (alert) => typeset(alert.text, i18n.language) },
      {
        key: "promise",
        label: t("alert.promise"),
        sort: (alert) => localText(alert.agreement.title, i18n.language),
        render: (alert) =>
          alert.target ? (
            <Link to="/service-levels/objective" search={{ id: `${alert.agreement.ref}#${alert.target}#${alert.service.ref}` } as never}>
              {localText(alert.agreement.title, i18n.language)} ({alert.target})
            </Link>
          ) : (
            <RefLink to={alert.agreement.ref} title={alert.agreement.title} />
          ),
      },
      {
        key: "customer",
        label: t("alert.customer"),
        optional: true,
        sort: (alert) => (alert.customer ? localText(alert.customer.title, i18n.language) : ""),
        render: (alert) => alert.customer && <RefLink to={alert.customer.ref} title={alert.customer.title} />,
      },
    ],
    [t, i18n.language, organisation.zone],
  );
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("alert.title")}
      lead={t("alert.lead")}
      actions={
        <Select
          label={t("alert.ended")}
          data={DAYS.map((value) => ({ value, label: t("alert.days", { count: Number(value) }) }))}
          value={days}
          onChange={(value) => setFilters({ days: value ?? undefined })}
          allowDeselect={false}
        />
      }
    >
      <Awaited query={query} lines={8}>
        {(data) => (
          <Panel id="alerts" title={t("alert.firing", { count: data.filter((alert) => alert.state === "firing").length })} flush>
            <DataTable
              label={t("alert.title")}
              columns={columns}
              rows={data}
              rowKey={(alert) => alert.id}
              keep="alerts"
              empty={<Empty title={t("alert.none")}>{t("alert.noneText")}</Empty>}
            />
          </Panel>
        )}
      </Awaited>
    </Page>
  );
}
