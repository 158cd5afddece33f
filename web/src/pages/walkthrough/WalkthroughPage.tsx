import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Circle } from "lucide-react";
import { Fragment, useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useResource } from "../../api/queries";
import type { Named } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { formatInstant } from "../../format/format";
import { NothingHere } from "../../frame/NotFoundPage";
import { Awaited, Page, Panel, ProblemView } from "../../parts/Page";
import { StatusMark } from "../../parts/StatusMark";
import { objectivePath } from "../servicelevel/ObjectivesPage";
import css from "./Walkthrough.module.css";

interface Target {
  name: string;
  service: Named;
  address: string;
  works: boolean;
  series: string;
  promise?: string;
  last?: { at: string; success: boolean };
}

interface Walkthrough {
  here: boolean;
  targets: Target[];
  steps: { id: string; done: boolean }[];
}

/** How often the page looks how far things have come, in milliseconds. */
const LOOK_EVERY = 5000;

/** The walk-through of service levels: its targets to break, and its steps with what is done of them. */
export function WalkthroughPage() {
  const { t } = useTranslation();
  const session = useKnownSession();
  if (!session.walkthrough) return <NothingHere />;
  return (
    <Page
      title={t("walkthrough.title")}
      lead={t("walkthrough.lead")}
      above={<Link to="/processes/$process" params={{ process: "servicelevel" }}>{t("process.servicelevel")}</Link>}
    >
      {session.walkthrough === "here" ? <Steps /> : <Offer />}
    </Page>
  );
}

/** Beside the example: why the walk-through is an organisation of its own, and the button that starts it. */
function Offer() {
  const { t } = useTranslation();
  const start = useMutation({ mutationFn: () => api.post<{ url: string }>("/walkthrough") });
  return (
    <Panel id="offer" title={t("walkthrough.offer")}>
      <p className={css.text}>{t("walkthrough.offerText")}</p>
      <p className={css.text}>{t("walkthrough.clock")}</p>
      {start.data ? (
        <p className={css.text} role="status">
          {t("walkthrough.started")} <a href={`${start.data.url}/walkthrough`}>{start.data.url}</a>
        </p>
      ) : (
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t("walkthrough.start")}
        </Button>
      )}
      {start.error && <ProblemView problem={start.error} />}
      <p className={css.soft}>
        {t("walkthrough.orCommand")} <code>diapason walkthrough</code>
      </p>
    </Panel>
  );
}

function Steps() {
  const { t, i18n } = useTranslation();
  const query = useResource<Walkthrough>("/walkthrough");
  const { refetch } = query;
  useEffect(() => {
    const timer = setInterval(() => void refetch(), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [refetch]);
  return (
    <Awaited query={query} lines={10}>
      {(data) => {
        const done = new Set(data.steps.filter((step) => step.done).map((step) => step.id));
        const first = data.targets[0];
        const promise = (label: string) =>
          first?.promise ? <Link {...objectivePath(first.promise)}>{label}</Link> : <Link to="/service-levels/objectives">{label}</Link>;
        const server = "component/appointments-server";
        const steps: [id: string, links: ReactNode, command?: string][] = [
          ["measured", promise(t("walkthrough.goPromise"))],
          ["broken", <Link key="all" to="/service-levels/objectives">{t("objective.title")}</Link>, "diapason walkthrough break"],
          [
            "alert",
            <Fragment key="alert">
              {promise(t("walkthrough.goPromise"))} · <Link to="/service-levels/alerts">{t("walkthrough.goAlerts")}</Link>
            </Fragment>,
            "diapason walkthrough mend",
          ],
          ["outage", <Link key="down" to="/availability/down" search={{ of: server } as never}>{t("walkthrough.goDown")}</Link>],
          ["review", <Link key="down" to="/availability/down" search={{ of: server } as never}>{t("walkthrough.goDown")}</Link>],
          ["correction", promise(t("walkthrough.goPromise")), "diapason servicelevel evidence correct"],
          ["exclusion", promise(t("walkthrough.goPromise")), "diapason servicelevel evidence exclude"],
          ["sealed", promise(t("walkthrough.goSeals")), "diapason servicelevel seal"],
          ["verified", promise(t("walkthrough.goSeals")), "diapason servicelevel verify"],
          ["customer", <Link key="agreed" to="/agreed">{t("walkthrough.goAgreed")}</Link>],
        ];
        return (
          <>
            <Panel id="targets" title={t("walkthrough.targets")} lead={t("walkthrough.clock")}>
              <ul className={css.targets}>
                {data.targets.map((target) => (
                  <TargetCard key={target.name} target={target} turned={() => void refetch()} />
                ))}
              </ul>
            </Panel>
            <Panel id="steps" title={t("walkthrough.steps")} lead={t("walkthrough.stepsLead")}>
              <ol className={css.steps}>
                {steps.map(([id, links, command]) => (
                  <li key={id}>
                    <div className={css.mark} aria-hidden="true">
                      {done.has(id) ? <CircleCheck size={20} className={css.done} /> : <Circle size={20} className={css.open} />}
                    </div>
                    <div>
                      <h3 className={css.step}>
                        {t(`walkthrough.step.${id}` as "walkthrough.step.measured")}
                        {done.has(id) && <span className={css.soft}> {t("walkthrough.done")}</span>}
                      </h3>
                      <p className={css.text}>{typeset(t(`walkthrough.text.${id}` as "walkthrough.text.measured"), i18n.language)}</p>
                      <p className={css.soft}>
                        {links}
                        {command && (
                          <>
                            {" · "}
                            <code>{command}</code>
                          </>
                        )}
                      </p>
                    </div>
                  </li>
                ))}
              </ol>
            </Panel>
          </>
        );
      }}
    </Awaited>
  );
}

function TargetCard({ target, turned }: { target: Target; turned: () => void }) {
  const { t, i18n } = useTranslation();
  const title = localText(target.service.title, i18n.language);
  const turn = useMutation({
    mutationFn: () => api.post(`/walkthrough/targets/${target.name}`, { works: !target.works }),
    onSettled: turned,
  });
  return (
    <li>
      <div>
        <strong>{title}</strong>{" "}
        <span className={css.state}>
          <StatusMark status={target.works ? "ok" : "gap"} size={12} />
          {t(target.works ? "walkthrough.works" : "walkthrough.broken")}
        </span>
        <div className={css.soft}>
          <a href={target.address}>{target.address}</a>
          {target.last && (
            <>
              {" · "}
              {t(target.last.success ? "walkthrough.sawGood" : "walkthrough.sawBad", { at: formatInstant(target.last.at, i18n.language) })}
            </>
          )}
        </div>
        {turn.error && <ProblemView problem={turn.error} />}
      </div>
      <Button variant={target.works ? "default" : "filled"} loading={turn.isPending} onClick={() => turn.mutate()}>
        {t(target.works ? "walkthrough.break" : "walkthrough.mend")}
        <span className="visually-hidden"> {title}</span>
      </Button>
    </li>
  );
}
