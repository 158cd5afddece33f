import { useTranslation } from "react-i18next";
import { useModel } from "../api/queries";
import type { Finding, Page as ListPage } from "../api/types";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Page, Panel } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";

/** Data that is missing, in the order of how much it would change the figures. */
export function CollectPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const query = useModel<ListPage<Finding>>("/collect-first", { service: filters.service }, { keep: true });
  return (
    <Page title={t("collect.title")} lead={t("collect.lead")}>
      <Panel
        id="collect"
        flush
        title={t("collect.list")}
        actions={
          <RefPicker
            size="xs"
            label={t("findings.service")}
            kinds={["service"]}
            value={filters.service}
            onChange={(value) => setFilters({ service: value })}
          />
        }
      >
        <Awaited query={query} lines={8}>
          {(data) => (
            <FindingList
              findings={data.items ?? []}
              empty={<Empty title={t("collect.none")}>{t("collect.noneText")}</Empty>}
            />
          )}
        </Awaited>
      </Panel>
    </Page>
  );
}
