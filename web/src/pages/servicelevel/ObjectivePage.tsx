import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import { addDays, formatDate, formatInstant } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { NothingHere } from "../../frame/NotFoundPage";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { useFilters } from "../../parts/useFilters";
import { CorrectDialog } from "./CorrectDialog";
import { DayCalendar } from "./DayCalendar";
import { DeclareDialog } from "./DeclareDialog";
import { Downloads } from "./Downloads";
import { ExclusionDialog, WithdrawDialog } from "./ExclusionDialog";
import { Figures } from "./Figures";
import css from "./Objectives.module.css";
import type { LeftOut, ObjectiveSheet, Stretch } from "./objectives";
import { SealsPanel } from "./SealsPanel";
import { Slices } from "./Slices";
import { Timeline } from "./Timeline";

type Dialog = { kind: "exclude" } | { kind: "declare" } | { kind: "correct"; stretch?: Stretch } | { kind: "withdraw"; exclusion: LeftOut };

/** One promise: promised, predicted and measured, its budget, its days, and what was left out or corrected. */
export function ObjectivePage() {
  const { t, i18n } = useTranslation();
  const [filters] = useFilters();
  const query = useResource<ObjectiveSheet>(filters.id ? "/service-levels/objective" : null, { id: filters.id });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  if (!filters.id) return <NothingHere />;
  const x = query.data;
  const close = () => setDialog(null);
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
            <Declaring data={data} onDeclare={() => setDialog({ kind: "declare" })} />
            {data.days.length > 0 && <Timeline data={data} />}
            <Days data={data} />
            <Interruptions data={data} onCorrect={(stretch) => setDialog({ kind: "correct", stretch })} />
            <LeftOutPanel data={data} onExclude={() => setDialog({ kind: "exclude" })} onWithdraw={(exclusion) => setDialog({ kind: "withdraw", exclusion })} />
            {(data.corrections.length > 0 || data.mayCorrect) && <Corrections data={data} onCorrect={() => setDialog({ kind: "correct" })} />}
            <SealsPanel data={data} />
            {dialog?.kind === "exclude" && <ExclusionDialog data={data} onClose={close} />}
            {dialog?.kind === "withdraw" && <WithdrawDialog data={data} exclusion={dialog.exclusion} onClose={close} />}
            {dialog?.kind === "correct" && <CorrectDialog data={data} from={dialog.stretch?.from} until={dialog.stretch?.until} onClose={close} />}
            {dialog?.kind === "declare" && <DeclareDialog data={data} onClose={close} />}
          </>
        )}
      </Awaited>
    </Page>
  );
}

/** Figures typed by hand: the button, or why it is not there. */
function Declaring({ data, onDeclare }: { data: ObjectiveSheet; onDeclare: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={css.form}>
      <Button variant="default" disabled={!data.mayDeclare} onClick={onDeclare}>
        {t("declare.open")}
      </Button>
      {!data.mayDeclare && <span className={css.soft}>{t(data.declaredIn ? "declare.mayNot" : "declare.cannot")}</span>}
    </div>
  );
}

function Days({ data }: { data: ObjectiveSheet }) {
  const { t } = useTranslation();
  return (
    <Panel
      id="days"
      title={t("objective.days")}
      lead={t("objective.daysLead")}
      actions={data.days.length > 0 && <Downloads path="/service-levels/objective/export/days" query={{ id: data.id }} label={t("objective.days")} />}
    >
      {data.days.length === 0 ? (
        <Empty title={t("objective.noDays")}>{t(data.basis === "declared" ? "objective.noDaysDeclared" : "objective.noDaysText")}</Empty>
      ) : (
        <DayCalendar data={data} />
      )}
    </Panel>
  );
}

function Interruptions({ data, onCorrect }: { data: ObjectiveSheet; onCorrect: (stretch: Stretch) => void }) {
  const { t, i18n } = useTranslation();
  if (data.days.length === 0) return null;
  const list = (stretches: Stretch[]) => (
    <ul className={css.list}>
      {stretches.slice(0, 100).map((each) => (
        <li key={each.from}>
          <details>
            <summary>
              <strong>{typeset(each.length, i18n.language)}</strong> {formatInstant(each.from, i18n.language, data.zone)}
            </summary>
            {data.series && <Slices series={data.series} from={each.from} until={each.until} zone={data.zone} />}
            {data.mayCorrect && (
              <Button size="compact-sm" variant="default" mt={6} onClick={() => onCorrect(each)}>
                {t("correct.this")}
                <span className="visually-hidden"> {formatInstant(each.from, i18n.language, data.zone)}</span>
              </Button>
            )}
          </details>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <Panel id="interruptions" title={t("objective.interruptions")} lead={t("objective.interruptionsLead")} flush>
        {data.interruptions.length === 0 ? <p className={css.nothing}>{t("objective.noInterruptions")}</p> : list(data.interruptions)}
      </Panel>
      {data.unseen.length > 0 && (
        <Panel id="unseen" title={t("objective.unseen")} lead={t("objective.unseenLead")} flush>
          {list(data.unseen)}
        </Panel>
      )}
    </>
  );
}

function LeftOutPanel({ data, onExclude, onWithdraw }: { data: ObjectiveSheet; onExclude: () => void; onWithdraw: (exclusion: LeftOut) => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel
      id="excluded"
      title={t("objective.excluded")}
      lead={
        <>
          {t("objective.excludedLead")} {!data.mayExclude && t("exclusion.mayNot")}
        </>
      }
      actions={
        <Button size="compact-md" variant="default" disabled={!data.mayExclude} onClick={onExclude}>
          {t("exclusion.open")}
        </Button>
      }
      flush
    >
      {data.excluded.length === 0 ? (
        <p className={css.nothing}>{t("objective.noExcluded")}</p>
      ) : (
        <ul className={css.list}>
          {data.excluded.map((each, index) => (
            <li key={index}>
              <strong>{each.kind}</strong> {formatInstant(each.from, i18n.language, data.zone)}
              {each.until && ` – ${formatInstant(each.until, i18n.language, data.zone)}`}
              <div>
                {typeset(each.standing, i18n.language)}
                {each.announced && Date.parse(each.announced) > 0 && ` · ${t("exclusion.announcedOn", { at: formatInstant(each.announced, i18n.language, data.zone) })}`}
              </div>
              <div className={css.soft}>
                {each.by && <RefLink to={each.by.ref} title={each.by.title} />}
                {[each.author, each.reason].filter(Boolean).join(" · ")}
              </div>
              {each.id !== undefined && each.mayChange && (
                <Button size="compact-sm" variant="default" mt={6} onClick={() => onWithdraw(each)}>
                  {t("exclusion.withdraw")}
                  <span className="visually-hidden"> {formatInstant(each.from, i18n.language, data.zone)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Corrections({ data, onCorrect }: { data: ObjectiveSheet; onCorrect: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel
      id="corrections"
      title={t("objective.corrections")}
      lead={
        <>
          {t("objective.correctionsLead")} {!data.mayCorrect && t("correct.mayNot")}
        </>
      }
      actions={
        <Button size="compact-md" variant="default" disabled={!data.mayCorrect} onClick={onCorrect}>
          {t("correct.open")}
        </Button>
      }
      flush
    >
      {data.corrections.length === 0 ? (
        <p className={css.nothing}>{t("objective.noCorrections")}</p>
      ) : (
        <ul className={css.list}>
          {runs(data.corrections)
            .slice(0, 100)
            .map(([last, first]) => (
              <li key={last.date}>
                <strong>
                  {first.date !== last.date && `${formatDate(first.date, i18n.language)} – `}
                  {formatDate(last.date, i18n.language)}
                </strong>{" "}
                {last.author}
                {last.reason && <>{t("working.colon")}{last.reason}</>}
                <div className={css.soft}>{t("objective.revisionAt", { revision: last.revision, at: formatInstant(last.at, i18n.language, data.zone) })}</div>
              </li>
            ))}
        </ul>
      )}
    </Panel>
  );
}

type Said = ObjectiveSheet["corrections"][number];

/** Days in a row that the same person stated for the same reason, as their last and first; the last come first. */
function runs(list: Said[]): [Said, Said][] {
  const out: [Said, Said][] = [];
  for (const each of list) {
    const run = out.at(-1);
    if (run && run[1].author === each.author && run[1].reason === each.reason && run[1].revision === each.revision && addDays(each.date, 1) === run[1].date) run[1] = each;
    else out.push([each, each]);
  }
  return out;
}
