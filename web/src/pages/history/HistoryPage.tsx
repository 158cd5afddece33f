import { Button, Group, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Entry, Page as ListOf } from "../../api/types";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { useFilters } from "../../parts/useFilters";
import { EntryList } from "./EntryList";

/** Everything that happened to the model, in sentences. */
export function HistoryPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const types = filters.type === "all" ? undefined : "change,decision,approval";
  const asked = { object: filters.object, actor: filters.actor, type: types, limit: 30 };
  const query = useInfiniteQuery({
    queryKey: ["api", i18n.language, "/history", asked],
    queryFn: ({ pageParam, signal }) => api.get<ListOf<Entry>>("/history", { ...asked, before: pageParam }, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => Number(page.next ?? 0) || undefined,
    placeholderData: (before) => before,
  });
  const entries = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  return (
    <Page
      title={t("history.title")}
      lead={t("history.lead")}
      actions={
        <Button component={Link} to="/compare" variant="default">
          {t("compare.title")}
        </Button>
      }
    >
      <Panel
        id="entries"
        flush
        title={t("history.entries")}
        actions={
          <>
            <SegmentedControl
              size="xs"
              aria-label={t("history.show")}
              value={filters.type === "all" ? "all" : "model"}
              onChange={(value) => setFilters({ type: value === "all" ? "all" : undefined })}
              data={[
                { value: "model", label: t("history.onlyModel") },
                { value: "all", label: t("history.everything") },
              ]}
            />
            <RefPicker
              size="xs"
              label={t("history.object")}
              kinds={[]}
              value={filters.object}
              onChange={(object) => setFilters({ object })}
            />
          </>
        }
      >
        <Awaited query={query} lines={12}>
          {() =>
            entries.length === 0 ? (
              <Empty title={t("history.none")}>{t("history.noneText")}</Empty>
            ) : (
              <>
                <EntryList entries={entries} />
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
            )
          }
        </Awaited>
      </Panel>
    </Page>
  );
}
