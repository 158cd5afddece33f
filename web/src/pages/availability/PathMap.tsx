import "@xyflow/react/dist/style.css";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "../../api/queries";
import type { MapGraph } from "../../api/types";
import { Graph } from "../../map/Graph";
import { Awaited } from "../../parts/Page";
import css from "./Availability.module.css";

/** Keeps what lies on a way from the service down to one of the targets, or the first step where none is chosen. */
export function ways(graph: MapGraph, service: string, targets: string[]): MapGraph {
  const below = new Map<string, string[]>();
  const above = new Map<string, string[]>();
  for (const edge of graph.edges) {
    if (edge.type === "degrades" || edge.drafted === "removed") continue;
    below.set(edge.from, [...(below.get(edge.from) ?? []), edge.to]);
    above.set(edge.to, [...(above.get(edge.to) ?? []), edge.from]);
  }
  const reach = (start: string[], next: Map<string, string[]>) => {
    const seen = new Set(start);
    const queue = [...start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const to of next.get(at) ?? [])
        if (!seen.has(to)) {
          seen.add(to);
          queue.push(to);
        }
    return seen;
  };
  const under = reach([service], below);
  const kept =
    targets.length === 0
      ? new Set([service, ...(below.get(service) ?? [])])
      : new Set([...reach(targets, above)].filter((ref) => under.has(ref)).concat(service, targets));
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => kept.has(node.ref)),
    edges: graph.edges.filter((edge) => kept.has(edge.from) && kept.has(edge.to) && edge.type !== "degrades" && edge.drafted !== "removed"),
  };
}

/** How the failures of a cut set reach the service. */
export function PathMap({ service, lit }: { service: string; lit: string[] }) {
  const { t } = useTranslation();
  const query = useModel<MapGraph>("/map", { focus: service, depth: 6 });
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div>
      <p className={css.tabText}>{lit.length === 0 ? t("availability.chooseCutSet") : t("availability.cutSetShown")}</p>
      <Awaited query={query} lines={6}>
        {(graph) => <Drawn graph={graph} service={service} lit={lit} selected={selected} onSelect={setSelected} />}
      </Awaited>
    </div>
  );
}

function Drawn({
  graph,
  service,
  lit,
  selected,
  onSelect,
}: {
  graph: MapGraph;
  service: string;
  lit: string[];
  selected: string | null;
  onSelect: (ref: string | null) => void;
}) {
  const key = lit.join("+");
  const shown = useMemo(() => ways(graph, service, lit), [graph, service, key]);
  return <Graph key={key} graph={shown} focus={service} height={320} selected={selected} onSelect={onSelect} lit={lit} />;
}
