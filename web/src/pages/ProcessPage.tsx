import { Button, Tabs } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession, useModel } from "../api/queries";
import { PROCESSES, type Process, type ProcessView } from "../api/types";
import { NothingHere } from "../frame/NotFoundPage";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Loading, Page, Panel } from "../parts/Page";
import { RecordTable } from "../parts/RecordTable";
import { ReportMenu } from "../parts/ReportMenu";
import { useFilters } from "../parts/useFilters";
import { Questionnaires } from "./continuity/Questionnaires";
import css from "./ProcessPage.module.css";
import { Questions } from "./Questions";

/** Pictures of one process that the others do not have, loaded with its page. */
const Pictures: Partial<Record<Process, React.LazyExoticComponent<() => React.ReactNode>>> = {
  availability: lazy(() => import("./availability/RankingPanel").then((m) => ({ default: m.RankingPanel }))),
};

/** One process: its manager's three questions answered, its working lists, its findings. */
export function ProcessPage() {
  const { process } = useParams({ strict: false }) as { process: string };
  if (!(PROCESSES as readonly string[]).includes(process)) return <NothingHere />;
  return <KnownProcess process={process as Process} />;
}

function KnownProcess({ process }: { process: Process }) {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const session = useKnownSession();
  const query = useModel<ProcessView>(`/processes/${process}`);
  const name = t(`process.${process}`);
  const Picture = Pictures[process];
  return (
    <Page
      wide
      title={name}
      lead={t(`processLead.${process}`)}
      actions={
        <>
          {process === "servicelevel" && (
            <>
              <Button component={Link} to="/service-levels/objectives">
                {t("objective.open")}
              </Button>
              <Button component={Link} to={"/service-levels/alerts" as never} variant="default">
                {t("alert.title")}
              </Button>
              <Button component={Link} to="/service-levels/attain" variant="default">
                {t("attain.ask")}
              </Button>
              <Button component={Link} to="/service-levels/reviews" variant="default">
                {t("review.open")}
              </Button>
              <Button component={Link} to="/service-levels/sheet" variant="default">
                {t("levelSheet.title")}
              </Button>
              <Button component={Link} to="/service-levels/reports" variant="default">
                {t("schedule.open")}
              </Button>
              {session.walkthrough && (
                <Button component={Link} to="/walkthrough" variant="default">
                  {t("walkthrough.entry")}
                </Button>
              )}
            </>
          )}
          <ReportMenu
            path={`pack/${process}`}
            label={t("report.pack")}
            beside={[{ path: "pack/all", label: t("report.packAll") }]}
          />
          <Button variant="default" onClick={() => window.print()}>
            {t("process.print")}
          </Button>
          <Button component={Link} to="/rules" search={{ process } as never} variant="default">
            {t("process.rules")}
          </Button>
        </>
      }
    >
      <Awaited query={query} lines={5}>
        {(data) => {
          const lists = data.lists ?? [];
          const tab = filters.list && lists.some((list) => list.id === filters.list) ? filters.list : lists[0]?.id;
          return (
            <>
              <Questions questions={data.questions ?? []} />
              {lists.length > 0 && (
                <Panel id="lists" flush>
                  <Tabs
                    value={tab}
                    onChange={(value) => setFilters({ list: value ?? undefined })}
                    keepMounted={false}
                    classNames={{ list: css.tabs }}
                  >
                    <Tabs.List>
                      {lists.map((list) => (
                        <Tabs.Tab key={list.id} value={list.id ?? ""}>
                          {list.title} <span className={css.count}>{list.rows?.length ?? 0}</span>
                        </Tabs.Tab>
                      ))}
                    </Tabs.List>
                    {lists.map((list) => (
                      <Tabs.Panel key={list.id} value={list.id ?? ""}>
                        {list.sentence && <p className={css.sentence}>{list.sentence}</p>}
                        <RecordTable
                          label={list.title ?? name}
                          columns={list.columns ?? []}
                          rows={list.rows ?? []}
                          keep={`${process}-${list.id}`}
                          spreadsheet={list.id ? `/processes/${process}/lists/${list.id}` : undefined}
                          empty={<Empty title={t("process.emptyList")} />}
                        />
                      </Tabs.Panel>
                    ))}
                  </Tabs>
                </Panel>
              )}
            </>
          );
        }}
      </Awaited>
      {Picture && (
        <Suspense fallback={<Loading lines={6} />}>
          <Picture />
        </Suspense>
      )}
      {process === "continuity" && <Questionnaires />}
      <Panel
        id="findings"
        title={t("process.findings")}
        flush
        actions={
          <Link to="/findings" search={{ process }}>
            {t("process.allFindings")}
          </Link>
        }
      >
        <Awaited query={query} lines={6}>
          {(data) => (
            <FindingList
              findings={data.findings ?? []}
              limit={12}
              empty={<Empty title={t("process.noFindings")}>{t("process.noFindingsText")}</Empty>}
            />
          )}
        </Awaited>
      </Panel>
    </Page>
  );
}
