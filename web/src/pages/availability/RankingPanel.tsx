import { SegmentedControl, Tabs } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel } from "../../api/queries";
import { typeset } from "../../format/text";
import { Awaited, Empty, Panel } from "../../parts/Page";
import { RecordTable } from "../../parts/RecordTable";
import { RefLink } from "../../parts/RefLink";
import { useFilters } from "../../parts/useFilters";
import css from "./Availability.module.css";
import type { Rank, Ranking } from "./study";

const KINDS = ["component", "site", "supplier", "person", "tool"] as const;
const DRAWN = 12;

/** The single points of failure of the whole organisation, those that hurt most first, and the component failure impact analysis. */
export function RankingPanel() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const kind = filters.kind ?? "";
  const query = useModel<Ranking>("/availability", { kind: kind ? [kind] : undefined }, { keep: true });
  return (
    <Panel
      id="ranking"
      title={t("availability.ranking")}
      actions={<Link to="/availability/down">{t("availability.down")}</Link>}
      flush
    >
      <div style={{ padding: "0 16px" }}>
        <SegmentedControl
          size="xs"
          aria-label={t("map.kind")}
          value={kind}
          onChange={(value) => setFilters({ kind: value || undefined })}
          data={[
            { value: "", label: t("availability.allKinds") },
            ...KINDS.map((each) => ({ value: each, label: t(`availability.kind.${each}`) })),
          ]}
        />
      </div>
      <Awaited query={query} lines={6}>
        {(ranking) => (
          <>
            <p className={css.tabText}>{typeset(ranking.sentence, i18n.language)}</p>
            <Tabs defaultValue="bars" keepMounted={false} classNames={{ list: css.tabs }}>
              <Tabs.List>
                <Tabs.Tab value="bars">{t("availability.picture")}</Tabs.Tab>
                <Tabs.Tab value="list">{ranking.ranking.title}</Tabs.Tab>
                <Tabs.Tab value="matrix">{ranking.matrix.title}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="bars" p="md">
                <Bars ranks={ranking.ranks ?? []} />
              </Tabs.Panel>
              {[ranking.ranking, ranking.matrix].map((table, index) => (
                <Tabs.Panel key={table.id} value={index === 0 ? "list" : "matrix"}>
                  {table.sentence && <p className={css.tabText}>{typeset(table.sentence, i18n.language)}</p>}
                  <RecordTable
                    label={table.title ?? ""}
                    columns={table.columns ?? []}
                    rows={table.rows ?? []}
                    keep={`availability-${table.id}`}
                    spreadsheet={`/processes/availability/lists/${index === 0 ? "ranking" : "matrix"}`}
                    empty={<Empty title={t("process.emptyList")} />}
                  />
                </Tabs.Panel>
              ))}
            </Tabs>
          </>
        )}
      </Awaited>
    </Panel>
  );
}

/** Services stopped × criticality, as bars; the list beside them says the same. */
function Bars({ ranks }: { ranks: Rank[] }) {
  const { t, i18n } = useTranslation();
  if (ranks.length === 0) return <Empty title={t("availability.noSinglePoint")} />;
  const most = Math.max(...ranks.map((rank) => rank.weight), 1);
  return (
    <>
      <ul className={css.bars}>
        {ranks.slice(0, DRAWN).map((rank) => (
          <li key={rank.ref} className={css.bar}>
            <span>
              <RefLink to={rank.ref} title={rank.title} /> <span className={css.soft}>{rank.label}</span>
            </span>
            <span className={css.track} aria-hidden="true">
              <span
                className={css.fill}
                data-kind={rank.broken > 0 ? "single" : "shared"}
                style={{ left: 0, width: `${(100 * rank.weight) / most}%` }}
              />
            </span>
            <span className={css.amount}>
              {t("availability.stops", { count: rank.services?.length ?? 0 })}
              {rank.minutes > 0 && <span className={css.soft}> · {typeset(rank.text, i18n.language)}</span>}
            </span>
          </li>
        ))}
      </ul>
      <ul className={css.legend}>
        <li>
          <span className={`${css.fill} ${css.key}`} data-kind="single" aria-hidden="true" />
          {t("availability.brokenPromise")}
        </li>
        <li>
          <span className={`${css.fill} ${css.key}`} data-kind="shared" aria-hidden="true" />
          {t("availability.noPromiseBroken")}
        </li>
      </ul>
    </>
  );
}
