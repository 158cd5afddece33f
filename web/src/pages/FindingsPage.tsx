import { Button, Chip, Group, Select, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useKnownSession } from "../api/queries";
import type { Counts, Finding, Page as ListPage } from "../api/types";
import { PROCESSES } from "../api/types";
import { useView } from "../frame/view";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Page, Panel } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";
import { type Waivable, WaiveDialog } from "../parts/WaiveDialog";
import { BaselinePanel } from "./BaselinePanel";

type Findings = ListPage<Finding> & { counts?: Counts };

/** Every finding of the model, filtered by what the address says. */
export function FindingsPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const [waiving, setWaiving] = useState<Waivable | null>(null);
  const view = useView();
  const { account } = useKnownSession();
  const asked = {
    process: filters.process,
    severity: filters.severity,
    outcome: filters.outcome,
    service: filters.service,
    owner: filters.owner,
    rule: filters.rule,
    limit: 50,
    ...view,
  };
  const query = useInfiniteQuery({
    queryKey: ["api", i18n.language, "/findings", "all", asked],
    queryFn: ({ pageParam, signal }) => api.get<Findings>("/findings", { ...asked, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const first = query.data?.pages[0];
  const filtered = Boolean(
    filters.process || filters.severity || filters.outcome || filters.service || filters.owner || filters.rule,
  );
  return (
    <Page
      title={t("findings.title")}
      lead={t("findings.lead")}
      actions={
        <>
          <Button component={Link} to="/collect-first" variant="default">
            {t("collect.title")}
          </Button>
          <Button component={Link} to="/rules" variant="default">
            {t("rules.title")}
          </Button>
        </>
      }
    >
      <Panel
        id="list"
        flush
        title={first ? t("findings.total", { count: first.total ?? items.length }) : t("findings.title")}
      >
        <Group p="sm" gap="xs">
          <Chip.Group
            multiple={false}
            value={filters.outcome === "unknown" ? "unknown" : (filters.severity ?? "")}
            onChange={(value) =>
              setFilters(
                value === "unknown"
                  ? { severity: undefined, outcome: "unknown" }
                  : { severity: value as string, outcome: undefined },
              )
            }
          >
            {(["", "error", "warning", "info", "unknown"] as const).map((value) => (
              <Chip key={value} value={value} size="xs" variant="outline">
                {value === "" ? t("findings.any") : t(`severity.${value}`)}
                {value !== "" && first?.counts?.[value] !== undefined && ` (${first.counts[value]})`}
              </Chip>
            ))}
          </Chip.Group>
          <Select
            size="xs"
            aria-label={t("findings.process")}
            placeholder={t("findings.process")}
            data={PROCESSES.map((process) => ({ value: process, label: t(`process.${process}`) }))}
            value={filters.process ?? null}
            onChange={(value) => setFilters({ process: value ?? undefined })}
            clearable
            clearButtonProps={{ "aria-label": t("action.clear") }}
            w={250}
          />
          <RefPicker
            size="xs"
            label={t("findings.service")}
            kinds={["service"]}
            value={filters.service}
            onChange={(value) => setFilters({ service: value })}
          />
          <RefPicker
            size="xs"
            label={t("findings.owner")}
            kinds={["person", "team"]}
            value={filters.owner}
            onChange={(value) => setFilters({ owner: value })}
          />
          <RuleFilter value={filters.rule ?? ""} onChange={(value) => setFilters({ rule: value || undefined })} />
        </Group>
        <Awaited query={query} lines={10}>
          {() => (
            <>
              <FindingList
                findings={items}
                onWaive={setWaiving}
                empty={
                  <Empty
                    title={filtered ? t("findings.noneMatch") : t("findings.none")}
                    action={
                      filtered && (
                        <Button
                          variant="default"
                          onClick={() =>
                            setFilters({
                              process: undefined,
                              severity: undefined,
                              outcome: undefined,
                              service: undefined,
                              owner: undefined,
                              rule: undefined,
                            })
                          }
                        >
                          {t("action.clearFilters")}
                        </Button>
                      )
                    }
                  >
                    {!filtered && t("findings.noneText")}
                  </Empty>
                }
              />
              {query.hasNextPage && (
                <Group justify="center" p="sm">
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t("action.loadMore")}
                  </Button>
                </Group>
              )}
            </>
          )}
        </Awaited>
      </Panel>
      <WaiveDialog waivable={waiving} onClose={() => setWaiving(null)} />
      {account?.roles.includes("design-coordinator") && <BaselinePanel />}
    </Page>
  );
}

function RuleFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      size="xs"
      w={130}
      aria-label={t("findings.rule")}
      placeholder={t("findings.rule")}
      leftSection={<Search size={13} aria-hidden="true" />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onChange(text.trim().toUpperCase())}
      onKeyDown={(event) => event.key === "Enter" && onChange(text.trim().toUpperCase())}
    />
  );
}
