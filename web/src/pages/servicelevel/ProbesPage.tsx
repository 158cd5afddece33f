import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useResource } from "../../api/queries";
import type { Mark, Named } from "../../api/types";
import { formatInstant, formatNumber } from "../../format/format";
import { localText, splitRef, typeset } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Page, Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import css from "./Objectives.module.css";
import { TicketTools } from "./TicketTools";

interface Run {
  at?: string;
  success: boolean;
  blind: boolean;
  seconds: number;
  lag: number;
  reason?: string;
  expires?: string;
  next?: string;
}
type State = "answers" | "fails" | "blind" | "waits" | "stopped" | "cannot";
interface Probe {
  source: Named;
  of: Named[];
  type?: string;
  target?: string;
  interval?: number;
  timeout?: number;
  state: State;
  word: string;
  problem?: string;
  last?: Run;
  mayTry: boolean;
}
interface ProbeList {
  here: boolean;
  health?: { probes: number; running: number; lag: number; vouched?: string };
  at: string;
  probes: Probe[];
}

const MARKS: Record<State, Mark> = { answers: "ok", fails: "gap", blind: "unknown", waits: "unknown", stopped: "unknown", cannot: "gap" };

/** Every probe of the model: what it asks, what came of it last, and why one cannot run. */
export function ProbesPage() {
  const { t, i18n } = useTranslation();
  const query = useResource<ProbeList>("/probes");
  const columns = useColumns();
  return (
    <Page
      wide
      above={<Link to="/service-levels/objectives">{t("objective.title")}</Link>}
      title={t("probes.title")}
      lead={t("probes.lead")}
      actions={
        <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t("probes.refresh")}
        </Button>
      }
    >
      <Awaited query={query} lines={10}>
        {(data) => {
          const cannot = data.probes.filter((probe) => probe.state === "cannot").length;
          const fails = data.probes.filter((probe) => probe.state === "fails").length;
          const beat = data.health?.vouched && Date.parse(data.health.vouched) > 0 ? data.health.vouched : undefined;
          return (
            <>
              <Panel id="prober" title={t("probes.prober")}>
                <dl className={css.figures}>
                  <div>
                    <dt>{t("probes.count")}</dt>
                    <dd>
                      {data.probes.length}
                      <small>{cannot > 0 ? t("probes.cannot", { count: cannot }) : t("probes.allCan")}</small>
                    </dd>
                  </div>
                  <div>
                    <dt>{t("probes.failing")}</dt>
                    <dd>{fails}</dd>
                  </div>
                  {data.health && (
                    <>
                      <div>
                        <dt>{t("probes.lag")}</dt>
                        <dd>{t("probes.seconds", { seconds: formatNumber(data.health.lag, i18n.language, 2) })}</dd>
                      </div>
                      <div>
                        <dt>{t("probes.heartbeat")}</dt>
                        <dd>
                          {beat ? formatInstant(beat, i18n.language) : "—"}
                          <small>{t(beat ? "probes.heartbeatNote" : "probes.noHeartbeat")}</small>
                        </dd>
                      </div>
                    </>
                  )}
                </dl>
                <p className={`${css.sentence} ${css.soft}`}>{t(data.here ? "probes.blindness" : "probes.notHere")}</p>
              </Panel>
              <Panel id="probes" title={t("probes.list", { count: data.probes.length })} flush>
                <DataTable
                  label={t("probes.title")}
                  columns={columns}
                  rows={data.probes}
                  rowKey={(row) => row.source.ref}
                  keep="probes"
                  maxHeight={720}
                  empty={
                    <Empty title={t("probes.none")} action={<Link to="/new/$kind" params={{ kind: "measurement-source" }}>{t("probes.add")}</Link>}>
                      {t("probes.noneText")}
                    </Empty>
                  }
                />
              </Panel>
            </>
          );
        }}
      </Awaited>
      <TicketTools />
    </Page>
  );
}

function useColumns(): Column<Probe>[] {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const seconds = (value: number, digits = 2) => t("probes.seconds", { seconds: formatNumber(value, i18n.language, digits) });
    const ran = (row: Probe) => (row.last?.at && Date.parse(row.last.at) > 0 ? row.last : undefined);
    return [
      {
        key: "source",
        label: t("probes.source"),
        fixed: true,
        minWidth: 180,
        sort: (row) => localText(row.source.title, i18n.language),
        render: (row) => (
          <>
            <RefLink to={row.source.ref} title={row.source.title} />
            <div className={css.soft}>{row.of.map((of) => localText(of.title, i18n.language)).join(", ")}</div>
          </>
        ),
      },
      {
        key: "state",
        label: t("objective.status"),
        minWidth: 150,
        sort: (row) => row.word,
        render: (row) => (
          <>
            <span className={css.word}>
              <span aria-hidden="true" style={{ display: "inline-flex" }}>
                <StatusMark status={MARKS[row.state]} size={12} />
              </span>
              {typeset(row.word, i18n.language)}
            </span>
            {(row.problem || (row.state !== "answers" && row.last?.reason)) && (
              <div className={css.soft}>{row.problem ? typeset(row.problem, i18n.language) : row.last?.reason}</div>
            )}
          </>
        ),
      },
      {
        key: "target",
        label: t("probes.target"),
        minWidth: 160,
        sort: (row) => `${row.type} ${row.target}`,
        render: (row) =>
          row.target ? (
            <>
              <span style={{ overflowWrap: "anywhere" }}>{row.target}</span>
              <div className={css.soft}>{row.type ? t(`probes.types.${row.type as "http"}`, { defaultValue: row.type }) : ""}</div>
            </>
          ) : (
            "—"
          ),
      },
      {
        key: "interval",
        label: t("probes.interval"),
        align: "right",
        sort: (row) => row.interval ?? 0,
        render: (row) =>
          row.interval ? (
            <>
              {seconds(row.interval, 0)}
              <div className={css.soft}>{t("probes.timeout", { seconds: formatNumber(row.timeout ?? 0, i18n.language, 0) })}</div>
            </>
          ) : (
            "—"
          ),
      },
      { key: "last", label: t("probes.last"), minWidth: 130, sort: (row) => row.last?.at ?? "", render: (row) => (ran(row) ? formatInstant(ran(row)?.at ?? "", i18n.language) : "—") },
      { key: "duration", label: t("probes.duration"), align: "right", sort: (row) => ran(row)?.seconds ?? -1, render: (row) => (ran(row) ? seconds(ran(row)?.seconds ?? 0, 3) : "—") },
      { key: "lag", label: t("probes.lagOf"), align: "right", sort: (row) => ran(row)?.lag ?? -1, render: (row) => (ran(row) ? seconds(ran(row)?.lag ?? 0, 3) : "—") },
      {
        key: "expires",
        label: t("probes.expires"),
        optional: true,
        sort: (row) => row.last?.expires ?? "",
        render: (row) => (row.last?.expires && Date.parse(row.last.expires) > 0 ? formatInstant(row.last.expires, i18n.language) : "—"),
      },
      { key: "try", label: t("probes.try"), whole: true, render: (row) => <Try probe={row} /> },
    ];
  }, [t, i18n.language]);
}

/** Runs a probe once, now, and tells what came of it. */
function Try({ probe }: { probe: Probe }) {
  const { t, i18n } = useTranslation();
  const run = useMutation({ mutationFn: () => api.post<Run>(`/probes/${splitRef(probe.source.ref).name}/run`) });
  const title = localText(probe.source.title, i18n.language);
  return (
    <div aria-live="polite" style={{ minWidth: 130, whiteSpace: "normal" }}>
      <Button size="compact-sm" variant="default" disabled={!probe.mayTry} loading={run.isPending} onClick={() => run.mutate()}>
        {t("probes.try")}
        <span className="visually-hidden"> {title}</span>
      </Button>
      {!probe.mayTry && <div className={css.soft}>{t(probe.state === "cannot" ? "probes.mendFirst" : probe.state === "stopped" ? "probes.stopped" : "probes.mayNot")}</div>}
      {run.error && <ProblemView problem={run.error} />}
      {run.data && (
        <div className={css.soft}>
          {t(run.data.blind ? "probes.triedBlind" : run.data.success ? "probes.triedWell" : "probes.triedBadly", { seconds: formatNumber(run.data.seconds, i18n.language, 3) })}
          {!run.data.success && run.data.reason && ` ${run.data.reason}`}
        </div>
      )}
    </div>
  );
}
