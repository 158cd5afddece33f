import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import { formatDate, formatInstant, formatNumber } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { useFilters } from "../../parts/useFilters";
import { NothingHere } from "../../frame/NotFoundPage";
import { DayCalendar } from "./DayCalendar";
import css from "./Objectives.module.css";
import type { Evidence, ObjectiveSheet } from "./objectives";
import { Standing } from "./ObjectivesPage";
import { SealsPanel } from "./SealsPanel";
import { BudgetBar } from "./Trend";

/** One promise: promised, predicted and measured, its budget, its days, and what was left out or corrected. */
export function ObjectivePage() {
  const { t, i18n } = useTranslation();
  const [filters] = useFilters();
  const query = useResource<ObjectiveSheet>(filters.id ? "/service-levels/objective" : null, { id: filters.id });
  if (!filters.id) return <NothingHere />;
  const x = query.data;
  return (
    <Page
      wide
      above={<Link to="/service-levels/objectives">{t("objective.title")}</Link>}
      title={x ? t("objective.name", { service: localText(x.service.title, i18n.language), label: x.label }) : t("objective.one")}
      lead={x && <RefLink to={x.of.ref} title={x.of.title} />}
    >
      <Awaited query={query} lines={12}>
        {(data) => (
          <>
            <Figures data={data} />
            <Days data={data} />
            <Interruptions data={data} />
            <LeftOut data={data} />
            {data.corrections.length > 0 && <Corrections data={data} />}
            <SealsPanel data={data} />
          </>
        )}
      </Awaited>
    </Page>
  );
}

function Figures({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const say = (text: string) => typeset(text, i18n.language);
  const figure = (label: string, value: React.ReactNode, note?: React.ReactNode) => (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
  return (
    <Panel id="figures" title={data.window.label} actions={<Standing mark={data.mark} />}>
      <dl className={css.figures}>
        {figure(t("objective.promised"), say(data.promised), data.hours && <RefLink to={data.hours.ref} title={data.hours.title} />)}
        {figure(t("objective.predicted"), data.predicted ? say(data.predicted) : "—", t("objective.predictedNote"))}
        {figure(
          t("objective.attained"),
          data.attained ? say(data.attained) : "—",
          <>
            {say(data.basisText)}
            {data.cases && <>, {say(data.cases)}</>}
          </>,
        )}
        {data.coverage && figure(t("objective.coverage"), say(data.coverage), data.window.counted && t("objective.countedTo", { at: formatInstant(data.window.counted, i18n.language, data.zone) }))}
        {data.budget &&
          figure(
            t("objective.budget"),
            <BudgetBar spent={data.budget.spent} left={data.budget.left} />,
            say(t("objective.used", { used: data.budget.used, allowed: data.budget.allowed })),
          )}
        {data.budget &&
          figure(
            t("objective.burn"),
            formatNumber(data.budget.burn ?? Infinity, i18n.language, 2),
            say(t("objective.recent", { rate: formatNumber(data.budget.recent ?? Infinity, i18n.language, 2) })),
          )}
        {data.credit && figure(t("objective.credit"), say(data.credit), t("objective.creditNote"))}
      </dl>
      {data.forecast && <p className={css.sentence}>{say(data.forecast)}</p>}
      {data.method && data.basis !== "declared" && (
        <p className={`${css.sentence} ${css.soft}`}>
          {say(t("objective.method", { method: data.method }))}
          {data.source && (
            <>
              {" · "}
              <RefLink to={data.source.ref} title={data.source.title} />
            </>
          )}
        </p>
      )}
      <details>
        <summary>{t("objective.windows")}</summary>
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t("objective.window")}</th>
                <th scope="col">{t("objective.attained")}</th>
                <th scope="col">{t("objective.status")}</th>
              </tr>
            </thead>
            <tbody>
              {[...data.trend].reverse().map((each) => (
                <tr key={each.label}>
                  <th scope="row">{each.label}</th>
                  <td>
                    {each.attained ? say(each.attained) : "—"}
                    {each.declared && <span className={css.soft}> {t("objective.declared")}</span>}
                  </td>
                  <td>
                    <Standing mark={each.mark} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Panel>
  );
}

function Days({ data }: { data: ObjectiveSheet }) {
  const { t } = useTranslation();
  return (
    <Panel id="days" title={t("objective.days")} lead={t("objective.daysLead")}>
      {data.days.length === 0 ? (
        <Empty title={t("objective.noDays")}>{t(data.basis === "declared" ? "objective.noDaysDeclared" : "objective.noDaysText")}</Empty>
      ) : (
        <DayCalendar days={data.days} />
      )}
    </Panel>
  );
}

function Interruptions({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  if (data.days.length === 0) return null;
  return (
    <Panel id="interruptions" title={t("objective.interruptions")} lead={t("objective.interruptionsLead")} flush>
      {data.interruptions.length === 0 ? (
        <p className={css.sentence} style={{ padding: "0 16px 12px" }}>
          {t("objective.noInterruptions")}
        </p>
      ) : (
        <ul className={css.list}>
          {data.interruptions.slice(0, 100).map((each) => (
            <li key={each.from}>
              <details>
                <summary>
                  <strong>{typeset(each.length, i18n.language)}</strong> {formatInstant(each.from, i18n.language, data.zone)}
                </summary>
                <Slices series={data.series ?? ""} from={each.from} until={each.until} zone={data.zone} />
              </details>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The minute slices behind an interruption: who answered, which revision, who said so. */
function Slices({ series, from, until, zone }: { series: string; from: string; until: string; zone: string }) {
  const { t, i18n } = useTranslation();
  const query = useResource<Evidence>("/evidence", { series, from: from.slice(0, 10), until: until.slice(0, 10) });
  const hour = 3_600_000;
  return (
    <Awaited query={query} lines={3}>
      {(data) => (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t("objective.slices")}>
          <table className={css.table}>
            <caption className="visually-hidden">{t("objective.slices")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("objective.from")}</th>
                <th scope="col">{t("objective.until")}</th>
                <th scope="col">{t("objective.state")}</th>
                <th scope="col">{t("objective.events")}</th>
                <th scope="col">{t("objective.engine")}</th>
                <th scope="col">{t("objective.revision")}</th>
              </tr>
            </thead>
            <tbody>
              {data.days.flatMap((day) =>
                day.intervals
                  .filter((each) => Date.parse(each.until) > Date.parse(from) - hour && Date.parse(each.from) < Date.parse(until) + hour)
                  .map((each) => (
                    <tr key={each.from}>
                      <th scope="row">{formatInstant(each.from, i18n.language, zone)}</th>
                      <td>{formatInstant(each.until, i18n.language, zone)}</td>
                      <td>{t(`objective.slice.${each.state}`)}</td>
                      <td>{each.total ? `${formatNumber(each.good ?? 0, i18n.language)} / ${formatNumber(each.total, i18n.language)}` : "—"}</td>
                      <td>{day.engine || day.author || "—"}</td>
                      <td>
                        {day.provisional ? t("objective.provisional") : day.revision}
                        {day.reason && <div className={css.soft}>{day.reason}</div>}
                      </td>
                    </tr>
                  )),
              )}
            </tbody>
          </table>
        </div>
      )}
    </Awaited>
  );
}

function LeftOut({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel id="excluded" title={t("objective.excluded")} lead={t("objective.excludedLead")} flush>
      {data.excluded.length === 0 ? (
        <p className={css.sentence} style={{ padding: "0 16px 12px" }}>
          {t("objective.noExcluded")}
        </p>
      ) : (
        <ul className={css.list}>
          {data.excluded.map((each, index) => (
            <li key={index}>
              <strong>{each.kind}</strong> {formatInstant(each.from, i18n.language, data.zone)}
              {each.until && ` – ${formatInstant(each.until, i18n.language, data.zone)}`}
              <div>{typeset(each.standing, i18n.language)}</div>
              <div className={css.soft}>
                {each.by && <RefLink to={each.by.ref} title={each.by.title} />}
                {[each.author, each.reason].filter(Boolean).join(" · ")}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Corrections({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel id="corrections" title={t("objective.corrections")} lead={t("objective.correctionsLead")} flush>
      <ul className={css.list}>
        {data.corrections.slice(0, 100).map((each) => (
          <li key={each.date}>
            <strong>{formatDate(each.date, i18n.language)}</strong> {each.author}
            {each.reason && <>: {each.reason}</>}
            <div className={css.soft}>{t("objective.revisionAt", { revision: each.revision, at: formatInstant(each.at, i18n.language, data.zone) })}</div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
