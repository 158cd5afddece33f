import { Button, Group, Select } from "@mantine/core";
import { Link, Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useKnownSession, useModel, useSchema } from "../api/queries";
import { type Overview, type ProcessView, type Stage, STAGES } from "../api/types";
import { localText } from "../format/text";
import { isOutside, mayCreate } from "../frame/readers";
import { AheadDates } from "../parts/AheadDates";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Page, Panel, ProblemView } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";
import css from "./OverviewPage.module.css";
import { managedProcesses } from "./processRole";
import { Questions } from "./Questions";
import { ServiceRows } from "./ServiceRows";

const CRITICALITIES = ["low", "medium", "high", "critical"] as const;

/** The conductor's desk: every service with its eight marks, what would hurt most, what comes next. */
export function OverviewPage() {
  const session = useKnownSession();
  // What a reader from outside may not read is not asked for.
  if (isOutside(session.account?.roles ?? [])) return <Navigate to="/" replace />;
  return <Desk />;
}

function Desk() {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const [filters, setFilters] = useFilters();
  const schema = useSchema();
  const query = useModel<Overview>(
    "/overview",
    { stage: filters.stage, owner: filters.owner, customer: filters.customer, criticality: filters.criticality },
    { keep: true },
  );
  const own = managedProcesses(session.account?.roles ?? []);
  const manages = own.length === 1 ? own[0] : undefined;
  const filtered = Boolean(filters.stage || filters.owner || filters.customer || filters.criticality);
  const stageLabel = (stage: string) =>
    localText(schema.data?.stages?.find((each) => each.value === stage)?.label, i18n.language) ||
    t(`stage.${stage as Stage}`);
  if (query.error && !query.data) {
    return (
      <Page title={t("overview.title")}>
        <ProblemView problem={query.error} retry={() => void query.refetch()} />
      </Page>
    );
  }
  return (
    <Page
      wide
      title={t("overview.title")}
      lead={t("overview.lead")}
      actions={
        mayCreate(session.account?.roles ?? [], "service") && (
          <Button component={Link} to={"/new/service" as never} variant="default">
            {t("overview.newService")}
          </Button>
        )
      }
    >
      {manages && <OwnQuestions process={manages} />}
      <div className={css.columns}>
        <div className={css.main}>
          <Panel
            id="services"
            title={t("overview.services")}
            flush
            actions={
              <Group gap={8} className={css.filters}>
                <Select
                  size="xs"
                  aria-label={t("overview.stage")}
                  placeholder={t("overview.stage")}
                  data={STAGES.map((stage) => ({ value: stage, label: stageLabel(stage) }))}
                  value={filters.stage ?? null}
                  onChange={(value) => setFilters({ stage: value ?? undefined })}
                  clearable
                  clearButtonProps={{ "aria-label": t("action.clear") }}
                  w={140}
                />
                <Select
                  size="xs"
                  aria-label={t("overview.criticality")}
                  placeholder={t("overview.criticality")}
                  data={CRITICALITIES.map((value) => ({ value, label: t(`criticality.${value}`) }))}
                  value={filters.criticality ?? null}
                  onChange={(value) => setFilters({ criticality: value ?? undefined })}
                  clearable
                  clearButtonProps={{ "aria-label": t("action.clear") }}
                  w={130}
                />
                <RefPicker
                  size="xs"
                  label={t("overview.owner")}
                  kinds={["person", "team"]}
                  value={filters.owner}
                  onChange={(value) => setFilters({ owner: value })}
                />
                <RefPicker
                  size="xs"
                  label={t("overview.customer")}
                  kinds={["customer"]}
                  value={filters.customer}
                  onChange={(value) => setFilters({ customer: value })}
                />
              </Group>
            }
          >
            <Awaited query={query} lines={12}>
              {(data) => {
                const stages = (data.stages ?? []).filter((stage) => (stage.services?.length ?? 0) > 0);
                if (stages.length > 0) return <ServiceRows stages={stages} stageLabel={stageLabel} />;
                return filtered ? (
                  <Empty
                    title={t("overview.noneMatch")}
                    action={
                      <Button
                        variant="default"
                        onClick={() =>
                          setFilters({
                            stage: undefined,
                            owner: undefined,
                            customer: undefined,
                            criticality: undefined,
                          })
                        }
                      >
                        {t("action.clearFilters")}
                      </Button>
                    }
                  />
                ) : (
                  <Empty
                    title={t("overview.empty")}
                    action={
                      <>
                        <Button component={Link} to="/welcome">
                          {t("overview.start")}
                        </Button>
                        <Button component={Link} to="/import" variant="default">
                          {t("overview.import")}
                        </Button>
                      </>
                    }
                  >
                    {t("overview.emptyText")}
                  </Empty>
                );
              }}
            </Awaited>
          </Panel>
        </div>
        <aside className={css.aside} aria-label={t("overview.aside")}>
          <Panel
            id="top"
            title={t("overview.top")}
            lead={t("overview.topLead")}
            flush
            actions={
              <Link to="/findings" className={css.more}>
                {t("overview.allFindings")}
              </Link>
            }
          >
            <Awaited query={query} lines={6}>
              {(data) => <FindingList findings={data.top ?? []} limit={8} />}
            </Awaited>
          </Panel>
          <Panel id="dates" title={t("overview.dates")} flush>
            <Awaited query={query} lines={4}>
              {(data) => <AheadDates dates={data.dates ?? []} />}
            </Awaited>
          </Panel>
        </aside>
      </div>
    </Page>
  );
}

/** A process manager sees his own three questions answered before anything else. */
function OwnQuestions({ process }: { process: (typeof import("../api/types").PROCESSES)[number] }) {
  const { t } = useTranslation();
  const query = useModel<ProcessView>(`/processes/${process}`);
  return (
    <section aria-label={t(`process.${process}`)}>
      <Group justify="space-between" mb={8}>
        <h2 className={css.own}>{t("overview.yours", { process: t(`process.${process}`) })}</h2>
        <Link to="/processes/$process" params={{ process }}>
          {t("overview.openProcess")}
        </Link>
      </Group>
      <Awaited query={query} lines={3}>
        {(data) => <Questions questions={data.questions ?? []} compact />}
      </Awaited>
    </section>
  );
}
