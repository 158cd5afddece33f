import { Button, Checkbox, SegmentedControl } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../api/queries";
import type { Impact, LocalText, Mark, Ref } from "../api/types";
import { formatNumber } from "../format/format";
import { localText } from "../format/text";
import { Awaited, Loading } from "../parts/Page";
import { type Column, DataTable } from "../parts/DataTable";
import { RefLink } from "../parts/RefLink";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";
import { StatusMark } from "../parts/StatusMark";
import { DraftBar, DraftConsequences } from "./DraftBar";
import { type Drafted, useDrawing } from "./drawing";
import { draftedColumn } from "./GraphList";
import { ImpactPanel } from "./ImpactPanel";
import css from "./Map.module.css";
import { DraftedLegend } from "./Neighbourhood";
import { WholeCanvas } from "./WholeCanvas";
import { outline } from "./wholeDraw";
import type { WholePlan, WholeRequest } from "./wholeLayout";

/** The whole organisation, those that weigh most first. */
export interface WholeGraph {
  nodes: {
    ref: Ref;
    title: LocalText;
    kind: string;
    criticality?: string;
    status?: Mark;
    stops: number;
    weight: number;
    drafted?: Drafted;
  }[];
  edges: { from: Ref; to: Ref; type: string; drafted?: Drafted }[];
  all: number;
  truncated: boolean;
  draft?: { singles: number; singlesBefore: number };
  draw?: boolean;
}

const LAYERS = ["service", "component", "tool", "site", "supplier", "team", "person"];
const HEIGHT = 620;

/** The whole organisation, drawn or listed by layers; what stops when a chosen object stops lights up. */
export function WholeMap({ empty }: { empty: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const [filters, setFilters] = useFilters();
  const chosen = (filters.layer ?? "").split(",").filter((each) => LAYERS.includes(each));
  const layers = chosen.length > 0 ? chosen : LAYERS;
  const query = useModel<WholeGraph>("/map/whole", { layer: chosen.length > 0 ? chosen.join(",") : undefined }, { keep: true });
  const selected = filters.of ?? null;
  const select = (ref: string | null | undefined) => setFilters({ of: ref ?? undefined });
  const shown = filters.as === "list" ? "list" : "map";
  if (query.data && query.data.all === 0 && chosen.length === 0) return <>{empty}</>;
  return (
    <div className={css.whole}>
      <div className={css.tools}>
        <div className={css.find}>
          <RefPicker label={t("map.find")} labelled hideLabel size="xs" kinds={layers} value={filters.of} onChange={select} />
        </div>
        <SegmentedControl
          size="xs"
          aria-label={t("map.view")}
          value={shown}
          onChange={(value) => setFilters({ as: value === "list" ? value : undefined })}
          data={[
            { value: "map", label: t("map.asMap") },
            { value: "list", label: t("map.asList") },
          ]}
        />
        <div className={css.layers} role="group" aria-label={t("map.layers")}>
          {LAYERS.map((kind) => (
            <Checkbox
              key={kind}
              size="xs"
              checked={layers.includes(kind)}
              onChange={(event) => {
                const next = LAYERS.filter((each) => (each === kind ? event.currentTarget.checked : layers.includes(each)));
                setFilters({ layer: next.length === LAYERS.length ? undefined : next.join(",") || layers.join(",") });
              }}
              label={
                <span className={css.layer}>
                  <Shape kind={kind} />
                  {localText(bySlug.get(kind)?.plural, i18n.language)}
                </span>
              }
            />
          ))}
        </div>
        <span className={css.layer}>
          <svg width="16" height="16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--status-gap)" strokeWidth="2" />
          </svg>
          {t("map.spof")}
        </span>
        <ul className={css.legend}>
          <DraftedLegend shown={query.data?.draft !== undefined} />
        </ul>
      </div>
      <Awaited query={query} lines={8}>
        {(graph) => <Drawable graph={graph} shown={shown} selected={selected} onSelect={select} />}
      </Awaited>
    </div>
  );
}

interface DrawableProps {
  graph: WholeGraph;
  shown: "map" | "list";
  selected: string | null;
  onSelect: (ref: string | null) => void;
}

/** The organisation, drawn on in a draft by whoever may. */
function Drawable({ graph, shown, selected, onSelect }: DrawableProps) {
  const { t, i18n } = useTranslation();
  const drawing = useDrawing(graph);
  const choose = (ref: string | null) => {
    if (drawing.pick(ref)) return;
    if (ref !== selected) drawing.leave();
    onSelect(ref);
  };
  return (
    <>
      <DraftBar drawing={drawing} />
      <div className={css.split}>
        <div className={css.canvas}>
          {graph.truncated && (
            <p className={css.notice}>
              {t("map.wholeTruncated", {
                shown: formatNumber(graph.nodes.length, i18n.language),
                all: formatNumber(graph.all, i18n.language),
              })}
            </p>
          )}
          {shown === "map" ? (
            <Drawing graph={graph} selected={selected} onSelect={choose} />
          ) : (
            <WholeList graph={graph} selected={selected} onSelect={choose} />
          )}
        </div>
        <ImpactPanel of={selected} graph={graph} drawing={drawing} />
      </div>
      <DraftConsequences drawing={drawing} />
    </>
  );
}

function Drawing({ graph, selected, onSelect }: { graph: WholeGraph; selected: string | null; onSelect: (ref: string | null) => void }) {
  const plan = usePlan(graph);
  const impact = useModel<Impact>(selected ? "/impact" : null, { of: selected ?? undefined });
  const lit = useMemo(
    () => new Set(selected ? [...(impact.data?.lost ?? []), ...(impact.data?.others ?? [])].map((each) => each.ref) : []),
    [impact.data, selected],
  );
  if (!plan) {
    return (
      <div style={{ height: HEIGHT }}>
        <Loading lines={8} />
      </div>
    );
  }
  return <WholeCanvas graph={plan.of} plan={plan} height={HEIGHT} selected={selected} lit={lit} onSelect={onSelect} />;
}

/** The places of a graph, laid out in a worker, with the graph that they belong to; null until the first answer. */
function usePlan(graph: WholeGraph): (WholePlan & { of: WholeGraph }) | null {
  const [plan, setPlan] = useState<(WholePlan & { of: WholeGraph }) | null>(null);
  useEffect(() => {
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<{ plan: WholePlan }>) => setPlan({ ...event.data.plan, of: graph });
    const whole: WholeRequest = {
      nodes: graph.nodes.map((node) => ({ id: node.ref, kind: node.kind, criticality: node.criticality })),
      edges: graph.edges.map(({ from, to }) => ({ from, to })),
    };
    worker.postMessage({ id: 0, whole });
    return () => worker.terminate();
  }, [graph]);
  return plan;
}

/** So many rows are listed before the rest is asked for: more take the browser seconds to lay out. */
const LISTED = 300;

type WholeRow = WholeGraph["nodes"][number];

/** The same content as a table, those that weigh most first; what stops with an object, and drawing from it, are a button away. */
function WholeList({ graph, selected, onSelect }: { graph: WholeGraph; selected: string | null; onSelect: (ref: string | null) => void }) {
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const [whole, setWhole] = useState(false);
  const rows = useMemo(() => graph.nodes.filter((node, index) => whole || index < LISTED || node.drafted), [graph, whole]);
  const columns = useMemo<Column<WholeRow>[]>(() => {
    const titleOf = (node: WholeRow) => localText(node.title, i18n.language) || node.ref;
    const kindOf = (node: WholeRow) => localText(bySlug.get(node.kind)?.label, i18n.language) || node.kind;
    return [
      { key: "object", label: t("map.object"), fixed: true, sort: titleOf, render: (node) => <RefLink to={node.ref} title={node.title} /> },
      { key: "kind", label: t("map.kind"), sort: kindOf, render: kindOf },
      { key: "status", label: t("map.status"), sort: (node) => node.status ?? "", render: (node) => (node.status ? <StatusMark status={node.status} word /> : null) },
      ...(graph.draft ? [draftedColumn<WholeRow>(t("draw.column"), (mark) => t(`draw.mark.${mark}`))] : []),
      { key: "stops", label: t("map.stopsAlone"), align: "right", sort: (node) => node.stops, render: (node) => formatNumber(node.stops, i18n.language) },
      { key: "weight", label: t("map.weight"), align: "right", sort: (node) => node.weight, render: (node) => formatNumber(node.weight, i18n.language) },
      {
        key: "impact",
        label: t("map.impact"),
        render: (node) => (
          <Button size="compact-xs" variant={selected === node.ref ? "light" : "subtle"} onClick={() => onSelect(node.ref)}>
            {t("map.askImpact")}
            <span className="visually-hidden"> {titleOf(node)}</span>
          </Button>
        ),
      },
    ];
  }, [graph.draft, bySlug, i18n.language, t, selected, onSelect]);
  return (
    <>
      <DataTable label={t("map.wholeList")} columns={columns} rows={rows} rowKey={(node) => node.ref} maxHeight={HEIGHT} />
      {rows.length < graph.nodes.length && (
        <p className={css.notice}>
          {t("map.listed", { shown: formatNumber(rows.length, i18n.language), all: formatNumber(graph.nodes.length, i18n.language) })}{" "}
          <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>
            {t("action.showAll", { count: graph.nodes.length })}
          </Button>
        </p>
      )}
    </>
  );
}

function Shape({ kind }: { kind: string }) {
  return (
    <svg width="16" height="16" aria-hidden="true">
      <polygon
        points={outline(kind, 8, 8, 6)
          .map((point) => point.map((each) => each.toFixed(1)).join(","))
          .join(" ")}
        fill={`var(--kind-${kind})`}
      />
    </svg>
  );
}
