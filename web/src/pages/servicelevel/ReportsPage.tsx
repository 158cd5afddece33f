import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel, ProblemView } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { ReportMenu, useReportAddress } from "../../parts/ReportMenu";
import { periodsUntil, type ReportRun, type Schedules, type ScheduleView } from "./levels";
import css from "./Reviews.module.css";
import { ScheduleForm } from "./ScheduleForm";

/** Reports of service levels: the pack of a period, the sheet, and those that are made by themselves. */
export function ReportsPage() {
  const { t } = useTranslation();
  const query = useResource<Schedules>("/service-levels/reports");
  const [editing, setEditing] = useState<ScheduleView | "new">();
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("schedule.title")}
      lead={t("schedule.lead")}
    >
      <PackPanel />
      <Awaited query={query} lines={8}>
        {(data) => (
          <>
            <Panel
              id="schedules"
              title={t("schedule.list", { count: data.items.length })}
              lead={t("schedule.listLead")}
              flush
              actions={
                data.mayEdit && !editing ? (
                  <Button variant="default" size="compact-md" onClick={() => setEditing("new")}>
                    {t("schedule.new")}
                  </Button>
                ) : undefined
              }
            >
              {editing && (
                <ScheduleForm
                  key={editing === "new" ? "new" : editing.id}
                  schedule={editing === "new" ? undefined : editing}
                  channels={data.channels}
                  close={() => setEditing(undefined)}
                />
              )}
              <ScheduleTable rows={data.items} edit={setEditing} />
            </Panel>
            <Panel id="runs" title={t("schedule.made")} lead={t("schedule.madeLead")} flush>
              <RunTable runs={data.runs} />
            </Panel>
          </>
        )}
      </Awaited>
    </Page>
  );
}

/** One click makes the pack of a period for the steering committee. */
function PackPanel() {
  const { t } = useTranslation();
  const { today } = useKnownSession();
  const address = useReportAddress();
  const periods = periodsUntil(today);
  const [period, setPeriod] = useState(periods[1] ?? periods[0] ?? "");
  const [customer, setCustomer] = useState<string>();
  const more: Record<string, string> = customer ? { customer } : {};
  return (
    <Panel id="pack" title={t("schedule.pack")} lead={t("schedule.packLead")} flush>
      <div className={css.form}>
        <Select label={t("objective.period")} data={periods} value={period} onChange={(value) => value && setPeriod(value)} allowDeselect={false} w={140} />
        <div style={{ flex: "0 1 280px" }}>
          <RefPicker labelled label={t("objective.customer")} kinds={["customer"]} value={customer} onChange={setCustomer} />
        </div>
        <Button component="a" href={address(`levels/${period}`, "pdf", more)} target="_blank" rel="noopener">
          {t("schedule.makePack")}
        </Button>
        {(["xlsx", "html"] as const).map((format) => (
          <Button key={format} component="a" variant="default" href={address(`levels/${period}`, format, more)} target="_blank" rel="noopener">
            {format.toUpperCase()}
          </Button>
        ))}
        <Button component="a" variant="default" href={address(`levels/${period}`, "json" as never, more)} target="_blank" rel="noopener">
          JSON
        </Button>
        <ReportMenu path="sheet/now" label={t("levelSheet.title")} />
      </div>
    </Panel>
  );
}

function ScheduleTable({ rows, edit }: { rows: ScheduleView[]; edit: (row: ScheduleView) => void }) {
  const { t, i18n } = useTranslation();
  if (rows.length === 0) return <Empty title={t("schedule.none")}>{t("schedule.noneText")}</Empty>;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("schedule.schedules")}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("schedule.schedules")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("schedule.report")}</th>
            <th scope="col">{t("schedule.when")}</th>
            <th scope="col">{t("schedule.next")}</th>
            <th scope="col">{t("schedule.receivers")}</th>
            <th scope="col">{t("schedule.last")}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.title}
                <div className={css.soft}>
                  {localText(row.ofTitle, i18n.language)} · {row.format.toUpperCase()} · {row.language.toUpperCase()}
                  {row.seal ? ` · ${t("schedule.sealed")}` : ""}
                </div>
              </th>
              <td>
                {typeset(row.when, i18n.language)}
                <div className={css.soft}>{row.zone}</div>
              </td>
              <td className={css.whole}>{row.paused ? t("schedule.paused") : row.next ? formatInstant(row.next, i18n.language, row.zone) : "—"}</td>
              <td>{(row.to ?? []).join(", ") || "—"}</td>
              <td>{row.last ? <RunState run={row.last} /> : "—"}</td>
              <td className={css.whole}>{row.mayEdit && <ScheduleTools row={row} edit={edit} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ScheduleTools({ row, edit }: { row: ScheduleView; edit: (row: ScheduleView) => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const run = useMutation({ mutationFn: () => api.post(`/service-levels/reports/schedules/${row.id}/runs`, {}), onSuccess: () => refresh() });
  const remove = useMutation({ mutationFn: () => api.delete(`/service-levels/reports/schedules/${row.id}`), onSuccess: () => refresh() });
  const about = <span className="visually-hidden"> {row.title}</span>;
  return (
    <>
      <Button.Group>
        <Button size="compact-sm" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
          {t("schedule.runNow")}
          {about}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => edit(row)}>
          {t("action.edit")}
          {about}
        </Button>
        <Button size="compact-sm" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t("action.delete")}
          {about}
        </Button>
      </Button.Group>
      {(run.error ?? remove.error) && <ProblemView problem={run.error ?? remove.error} />}
    </>
  );
}

function RunState({ run }: { run: ReportRun }) {
  const { t } = useTranslation();
  return (
    <>
      <span className={run.state === "failed" ? css.late : undefined}>{t(`schedule.state.${run.state}`)}</span> <span className={css.soft}>{run.period}</span>
      {run.problem && <div className={css.late}>{run.problem}</div>}
    </>
  );
}

function RunTable({ runs }: { runs: ReportRun[] }) {
  const { t, i18n } = useTranslation();
  if (runs.length === 0) return <Empty title={t("schedule.noRuns")} />;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("schedule.made")}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("schedule.made")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("schedule.report")}</th>
            <th scope="col">{t("objective.period")}</th>
            <th scope="col">{t("schedule.due")}</th>
            <th scope="col">{t("review.state")}</th>
            <th scope="col">{t("schedule.sent")}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                {run.name ? (
                  <a href={`/api/v1/service-levels/reports/runs/${encodeURIComponent(run.id)}/file`} target="_blank" rel="noopener">
                    {run.title}
                  </a>
                ) : (
                  run.title
                )}
              </th>
              <td className={css.whole}>
                {run.period}
                {run.sealed && <div className={css.soft}>{t("schedule.allSealed")}</div>}
              </td>
              <td className={css.whole}>{formatInstant(run.due, i18n.language)}</td>
              <td>
                <RunState run={run} />
              </td>
              <td>{(run.sent ?? []).join(", ") || "—"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
