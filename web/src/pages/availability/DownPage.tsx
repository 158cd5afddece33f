import { Button, Group } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useResource } from "../../api/queries";
import type { Impact, Named } from "../../api/types";
import { localText } from "../../format/text";
import { Consequence } from "../../map/ImpactPanel";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { useFilters } from "../../parts/useFilters";
import { useView } from "../../frame/view";
import css from "./Availability.module.css";
import { OpenOutages } from "./OpenOutages";
import { RecordDialog } from "./RecordDialog";
import type { Recording } from "./recording";

const KINDS = ["component", "site", "supplier", "team", "person", "tool", "service"];

/** What stops when some things are down together: services lost, degraded, alternatives left, promises at risk. */
export function DownPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const of = (filters.of ?? "").split(",").filter(Boolean);
  const query = useModel<Impact & { together?: Named[] }>(of.length > 0 ? "/impact" : null, { of }, { steady: true });
  const view = useView();
  // Only what happens now is recorded: not in the past, nor in a draft.
  const present = !view.on && view.seq === undefined && !view.draft;
  const recording = useResource<Recording>(present ? "/outages/recording" : null, { of }, { steady: true });
  const [asked, setAsked] = useState<"outage" | "maintenance" | null>(null);
  const may = recording.data && { ...recording.data, readAt: recording.dataUpdatedAt };
  const titleOf = (ref: string) =>
    localText(query.data?.together?.find((each) => each.ref === ref)?.title, i18n.language) || (ref.split("/")[1] ?? ref);
  const choose = (list: string[]) => setFilters({ of: list.length > 0 ? list.join(",") : undefined });
  return (
    <Page wide title={t("availability.down")} lead={t("availability.downLead")}>
      {may && <OpenOutages recording={may} />}
      <Panel id="chosen" title={t("availability.downNow")}>
        <div style={{ maxWidth: 420 }}>
          <RefPicker
            labelled
            label={t("availability.addDown")}
            kinds={KINDS}
            value={undefined}
            onChange={(ref) => ref && !of.includes(ref) && choose([...of, ref])}
          />
        </div>
        <Group gap={8} mt="sm">
          {of.map((ref) => (
            <Button
              key={ref}
              size="compact-sm"
              variant="default"
              rightSection={<X size={14} aria-hidden="true" />}
              aria-label={t("availability.takeUp", { title: titleOf(ref) })}
              onClick={() => choose(of.filter((each) => each !== ref))}
            >
              {titleOf(ref)}
            </Button>
          ))}
        </Group>
        {of.length > 0 && may && (may.record || may.plan) && (
          <Group gap={8} mt="sm">
            {may.record && <Button onClick={() => setAsked("outage")}>{t("record.really")}</Button>}
            {may.plan && (
              <Button variant="default" onClick={() => setAsked("maintenance")}>
                {t("record.reallyPlanned")}
              </Button>
            )}
          </Group>
        )}
      </Panel>
      <Panel id="impact" title={t("availability.whatStops")}>
        {of.length === 0 ? (
          <Empty title={t("availability.nothingDown")}>{t("availability.nothingDownText")}</Empty>
        ) : (
          <Awaited query={query} lines={8}>
            {(impact) => (
              <div className={css.consequences}>
                <Consequence impact={impact} heading="h3" />
              </div>
            )}
          </Awaited>
        )}
      </Panel>
      {asked && may && !recording.isPlaceholderData && (
        <RecordDialog
          recording={may}
          planned={asked === "maintenance"}
          onClose={() => setAsked(null)}
          onSaved={() => {
            setAsked(null);
            choose([]);
          }}
        />
      )}
    </Page>
  );
}
