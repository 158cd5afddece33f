import { Drawer } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatInstant, formatNumber } from "../../format/format";
import { typeset } from "../../format/text";
import { Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { WhyDrawer } from "../service/WhyDrawer";
import { Downloads } from "./Downloads";
import css from "./Objectives.module.css";
import type { ObjectiveSheet } from "./objectives";
import { Standing } from "./ObjectivesPage";
import { Slices } from "./Slices";
import { BudgetBar } from "./Trend";

type Figure = "attained" | "coverage" | "budget" | "burn" | "credit";

/** The figures of the present window; each opens its working down to the minutes. */
export function Figures({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState<Figure | null>(null);
  const [why, setWhy] = useState(false);
  const say = (text: string) => typeset(text, i18n.language);
  const figure = (label: string, value: React.ReactNode, note?: React.ReactNode, open?: () => void) => (
    <div>
      <dt>{label}</dt>
      <dd>
        {open ? (
          <button type="button" className={css.figure} onClick={open} aria-haspopup="dialog">
            {value}
            <span className="visually-hidden">: {t("working.open", { what: label })}</span>
          </button>
        ) : (
          value
        )}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
  const working = (key: Figure) => (data.working || data.cases ? () => setOpened(key) : undefined);
  const predictable = data.predicted && data.service.ref.startsWith("service/") && data.target;
  return (
    <Panel id="figures" title={data.window.label} actions={<Standing mark={data.mark} />}>
      <dl className={css.figures}>
        {figure(t("objective.promised"), say(data.promised), data.hours && <RefLink to={data.hours.ref} title={data.hours.title} />)}
        {figure(t("objective.predicted"), data.predicted ? say(data.predicted) : "—", t("objective.predictedNote"), predictable ? () => setWhy(true) : undefined)}
        {figure(
          t("objective.attained"),
          data.attained ? say(data.attained) : "—",
          <>
            {say(data.basisText)}
            {data.cases && <>, {say(data.cases)}</>}
          </>,
          data.attained ? working("attained") : undefined,
        )}
        {data.coverage &&
          figure(
            t("objective.coverage"),
            say(data.coverage),
            data.window.counted && t("objective.countedTo", { at: formatInstant(data.window.counted, i18n.language, data.zone) }),
            working("coverage"),
          )}
        {data.budget &&
          figure(
            t("objective.budget"),
            <BudgetBar spent={data.budget.spent} left={data.budget.left} stacked />,
            say(t("objective.used", { used: data.budget.used, allowed: data.budget.allowed })),
            working("budget"),
          )}
        {data.budget &&
          figure(
            t("objective.burn"),
            formatNumber(data.budget.burn ?? Infinity, i18n.language, 2),
            say(t("objective.recent", { rate: formatNumber(data.budget.recent ?? Infinity, i18n.language, 2) })),
            working("burn"),
          )}
        {data.credit && figure(t("objective.credit"), say(data.credit), t("objective.creditNote"), working("credit"))}
      </dl>
      {data.forecast && <p className={css.sentence}>{say(data.forecast)}</p>}
      {data.provisional && <p className={css.sentence}>{say(data.provisional)}</p>}
      {data.yields && <p className={css.sentence}>{say(data.yields)}</p>}
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
      <Closed data={data} />
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        size="lg"
        position="right"
        title={opened ? t(`working.title.${opened}`) : ""}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {opened && <WorkingOf data={data} figure={opened} onClose={() => setOpened(null)} />}
      </Drawer>
      <WhyDrawer
        opened={why}
        onClose={() => setWhy(false)}
        question={{ subject: data.service.ref, figure: "availability", label: t("objective.predicted") }}
      />
    </Panel>
  );
}

/** What a figure is made of: the sentence, the time it counts, the formula, and the minutes behind it. */
function WorkingOf({ data, figure, onClose }: { data: ObjectiveSheet; figure: Figure; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const say = (text: string) => typeset(text, i18n.language);
  const w = data.working;
  const until = data.window.counted ?? data.window.until;
  const within = data.interruptions.filter((each) => each.until > data.window.from && each.from < until);
  const rows: [string, string | undefined][] = w
    ? [
        [t("working.agreed"), w.agreed],
        [t("working.excluded"), w.excluded],
        [t("working.counted"), w.counted],
        [t("objective.slice.good"), w.good],
        [t("objective.slice.bad"), w.bad],
        [t("objective.slice.unknown"), w.unknown],
        [t("objective.events"), w.totalEvents && `${w.goodEvents} / ${w.totalEvents}`],
      ]
    : [];
  return (
    <div className={css.working}>
      {w ? (
        <p>
          {say(
            t(`working.say.${figure}`, {
              attained: data.attained,
              promised: w.target,
              coverage: data.coverage,
              allowed: data.budget?.allowed,
              used: data.budget?.used,
              left: data.budget?.left,
              burn: data.budget && formatNumber(data.budget.burn ?? Infinity, i18n.language, 2),
              credit: data.credit,
            }),
          )}
        </p>
      ) : (
        <p>{say([data.basisText, data.cases].filter(Boolean).join(t("working.colon")))}</p>
      )}
      {w && (
        <>
          <p className={css.formula}>{say(t(`working.formula.${figure}`))}</p>
          <p className={css.soft}>{say(t(`working.treatment.${w.treatment}`))}</p>
          <table className={css.table}>
            <caption className="visually-hidden">{t("working.made")}</caption>
            <tbody>
              {rows
                .filter(([, value]) => value)
                .map(([label, value]) => (
                  <tr key={label}>
                    <th scope="row">{label}</th>
                    <td>{value}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </>
      )}
      {data.series && w && (
        <section>
          <h3>{t("working.behind")}</h3>
          {within.length === 0 ? (
            <p className={css.soft}>{t("working.noBad")}</p>
          ) : (
            within.slice(0, 50).map((each) => (
              <details key={each.from}>
                <summary>
                  <strong>{say(each.length)}</strong> {formatInstant(each.from, i18n.language, data.zone)}
                </summary>
                <Slices series={data.series ?? ""} from={each.from} until={each.until} zone={data.zone} />
              </details>
            ))
          )}
          <p>
            <a href="#days" onClick={onClose}>
              {t("working.days")}
            </a>
          </p>
        </section>
      )}
      {data.source && (
        <p className={css.soft}>
          {t("working.source")} <RefLink to={data.source.ref} title={data.source.title} />
        </p>
      )}
    </div>
  );
}

/** The windows that are over, in words and as a table. */
function Closed({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const say = (text: string) => typeset(text, i18n.language);
  const known = data.trend.filter((each) => each.attained);
  const kept = known.filter((each) => each.mark === "ok").length;
  return (
    <details>
      <summary>{t("objective.windows")}</summary>
      <p className={css.sentence}>
        {say(t("objective.windowsTold", { count: data.trend.length, known: known.length, kept }))}{" "}
        <Downloads path="/service-levels/objective/export/windows" query={{ id: data.id }} label={t("objective.windows")} />
      </p>
      <div className={css.scroll}>
        <table className={css.table}>
          <caption className="visually-hidden">{t("objective.windows")}</caption>
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
  );
}
