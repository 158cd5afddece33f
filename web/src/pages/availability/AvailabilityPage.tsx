import { Button, Tabs } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryString } from "../../api/client";
import { useKnownSession, useModel } from "../../api/queries";
import { useView } from "../../frame/view";
import { formatDate } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RecordTable } from "../../parts/RecordTable";
import { RefLink } from "../../parts/RefLink";
import { ReportMenu } from "../../parts/ReportMenu";
import { useFilters } from "../../parts/useFilters";
import { AdvicePanel } from "./AdvicePanel";
import css from "./Availability.module.css";
import { CutSets } from "./CutSets";
import { measuredFor } from "./measured";
import type { Level, Study } from "./study";
import { Timeline } from "./Timeline";
import { Waterfall } from "./Waterfall";

/** One service as availability management sees it: promise, prediction and record, and what the prediction is made of. */
export function AvailabilityPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const query = useModel<Study>(`/services/${name}/availability`);
  return (
    <Awaited page query={query} lines={12}>
      {(study) => <Loaded name={name} study={study} />}
    </Awaited>
  );
}

function Loaded({ name, study }: { name: string; study: Study }) {
  const { t, i18n } = useTranslation();
  const title = localText(study.service.title, i18n.language) || name;
  const [chosen, setChosen] = useState<number | null>(null);
  const view = useView();
  const treeAddress = `/api/v1/services/${name}/availability/tree${queryString({ ...view })}`;
  return (
    <Page
      wide
      above={<Link to={`/services/${name}` as never}>{title}</Link>}
      title={t("availability.of", { title })}
      lead={t("availability.lead")}
      actions={
        <>
          <Button component={Link} to="/availability/down" variant="default">
            {t("availability.down")}
          </Button>
          <Button component="a" href={treeAddress} variant="default">
            {t("availability.tree")}
          </Button>
          <ReportMenu path={`availability/${name}`} label={t("availability.report")} />
        </>
      }
    >
      <Panel id="levels" title={t("availability.levels")}>
        <p className={css.sentence}>{typeset(study.sentence, i18n.language)}</p>
        <Levels study={study} />
        <Times study={study} />
        {study.notes?.map((note) => (
          <p key={note} className={css.note}>
            {typeset(note, i18n.language)}
          </p>
        ))}
      </Panel>
      <Panel id="causes" title={t("availability.causes")} lead={t("availability.causesLead")}>
        {(study.causes?.length ?? 0) > 0 ? (
          <Waterfall causes={study.causes ?? []} promised={study.promised} />
        ) : (
          <Empty title={t("availability.noCauses")}>{t("availability.noCausesText")}</Empty>
        )}
      </Panel>
      <Panel id="cutsets" title={t("availability.cutSets")} lead={t("availability.cutSetsLead")} flush>
        <CutSets study={study} chosen={chosen} onChoose={setChosen} />
      </Panel>
      <AdvicePanel name={name} title={title} />
      <History study={study} />
      <Tables study={study} />
    </Page>
  );
}

function Levels({ study }: { study: Study }) {
  const { t, i18n } = useTranslation();
  const measured = measuredFor(study);
  const one = (label: string, level: Level | undefined, below?: string) => (
    <div className={css.level}>
      <dt>{label}</dt>
      <dd>
        <div className={css.figure}>{level ? typeset(level.text, i18n.language) : t("service.noFigure")}</div>
        <div className={css.month}>
          {level ? t("availability.aMonth", { month: typeset(level.month, i18n.language) }) : t("availability.notKnown")}
        </div>
        {below && <div className={css.month}>{typeset(below, i18n.language)}</div>}
      </dd>
    </div>
  );
  return (
    <>
      <dl className={css.levels}>
        {one(t("service.promised"), study.promised, localText(study.agreement?.title, i18n.language))}
        {one(t("service.predicted"), study.predicted)}
        {one(
          t("availability.recorded"),
          study.recorded,
          study.recordedSince ? t("availability.since", { date: formatDate(study.recordedSince, i18n.language) }) : undefined,
        )}
        <div className={css.level}>
          <dt>{t("availability.measured")}</dt>
          <dd>
            <div className={css.figure}>{measured?.attained ? typeset(measured.attained, i18n.language) : t("service.noFigure")}</div>
            <div className={css.month}>{measured ? typeset(measured.sentence, i18n.language) : t("availability.notMeasured")}</div>
            {measured && (
              <div className={css.month}>
                <Link to="/service-levels/objectives" search={{ service: study.service.ref } as never}>
                  {t("availability.objectives")}
                </Link>
              </div>
            )}
          </dd>
        </div>
      </dl>
      {study.uncertainty && <p className={css.uncertainty}>{typeset(study.uncertainty.sentence, i18n.language)}</p>}
      <p className={css.soft}>{t("availability.figuresHint")}</p>
    </>
  );
}

function Times({ study }: { study: Study }) {
  const { t, i18n } = useTranslation();
  const times = (study.times ?? []).filter((each) => each.predicted || each.recorded || each.interval);
  if (times.length === 0) return null;
  const cell = (text?: string) => (text ? typeset(text, i18n.language) : t("service.noFigure"));
  return (
    <table className={css.times}>
      <caption className="visually-hidden">{t("availability.times")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("availability.times")}</th>
          <th scope="col">{t("service.predicted")}</th>
          <th scope="col">{t("availability.recorded")}</th>
          <th scope="col">{t("availability.interval")}</th>
        </tr>
      </thead>
      <tbody>
        {times.map((each) => (
          <tr key={each.id}>
            <th scope="row">{each.label}</th>
            <td>{cell(each.predicted)}</td>
            <td>{cell(each.recorded)}</td>
            <td>{cell(each.interval)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function History({ study }: { study: Study }) {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const view = useView();
  const today = new Date(`${view.on ?? session.today}T00:00:00Z`);
  const table = study.tables?.find((each) => each.id === "interruptions");
  return (
    <Panel id="interruptions" title={t("availability.interruptions")} flush>
      {table?.sentence && <p className={css.tabText}>{typeset(table.sentence, i18n.language)}</p>}
      {(study.interruptions?.length ?? 0) > 0 && (
        <div style={{ padding: "0 16px 8px" }}>
          <Timeline interruptions={study.interruptions ?? []} until={today} />
          <p className={css.soft}>{t("availability.lastYear")}</p>
        </div>
      )}
      {table && (table.rows?.length ?? 0) > 0 && (
        <RecordTable label={table.title ?? ""} columns={table.columns ?? []} rows={table.rows ?? []} maxHeight={300} />
      )}
    </Panel>
  );
}

function Tables({ study }: { study: Study }) {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const tables = (study.tables ?? []).filter((each) => each.id !== "interruptions");
  const tab = tables.some((each) => each.id === filters.list) ? filters.list : tables[0]?.id;
  return (
    <Panel id="tables" title={t("availability.details")} flush>
      <Tabs value={tab} onChange={(value) => setFilters({ list: value ?? undefined })} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List>
          {tables.map((each) => (
            <Tabs.Tab key={each.id} value={each.id ?? ""}>
              {each.title} ({each.rows?.length ?? 0})
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tables.map((each) => (
          <Tabs.Panel key={each.id} value={each.id ?? ""}>
            {each.sentence && <p className={css.tabText}>{typeset(each.sentence, i18n.language)}</p>}
            {each.id === "importance" && <p className={css.tabText}>{t("availability.formulas")}</p>}
            <RecordTable
              label={each.title ?? ""}
              columns={each.columns ?? []}
              rows={each.rows ?? []}
              keep={`availability-${each.id}`}
              empty={<Empty title={t("process.emptyList")} />}
            />
          </Tabs.Panel>
        ))}
      </Tabs>
      {(study.missing?.length ?? 0) > 0 && (
        <p className={css.tabText}>
          {t("availability.missing")}{" "}
          {study.missing?.map((each, index) => (
            <span key={each.ref}>
              {index > 0 && ", "}
              <RefLink to={each.ref} title={each.title} />
            </span>
          ))}
        </p>
      )}
    </Panel>
  );
}
