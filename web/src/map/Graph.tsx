import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import { useComputedColorScheme } from "@mantine/core";
import { memo, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSchema } from "../api/queries";
import type { EdgeType, MapGraph } from "../api/types";
import { localText } from "../format/text";
import { Loading } from "../parts/Page";
import css from "./Map.module.css";
import { useLayout } from "./useLayout";

const WIDTH = 172;
const HEIGHT = 36;
/** Up to so many objects a neighbourhood is fitted into the frame. */
const WHOLE = 24;

interface Drawn extends Record<string, unknown> {
  title: string;
  kind: string;
  spof: string;
  focus: boolean;
  selected: boolean;
  lit: boolean;
  drafted: string;
}

const ObjectNode = memo(function ObjectNode({ data }: NodeProps<Node<Drawn>>) {
  return (
    <div
      className={[
        css.node,
        data.spof ? css.ringed : "",
        data.focus ? css.focus : "",
        data.selected ? css.selected : "",
        data.lit ? css.lit : "",
        data.drafted ? css.drafted : "",
      ].join(" ")}
      title={data.spof || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className={css.nodeTitle}>{data.title}</div>
      <div className={css.nodeKind}>
        {data.kind}
        {data.drafted && <strong className={css.word}> · {data.drafted}</strong>}
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { object: ObjectNode };

const dashes: Partial<Record<EdgeType, string>> = { anyOf: "6 3", atLeast: "6 3", degrades: "2 3" };

type GraphEdge = MapGraph["edges"][number];

/**
 * Tells the edges that make the neighbourhood, one step further from the middle,
 * from those among neighbours, which would hide them and show only when one of
 * their ends is chosen.
 */
function split(graph: MapGraph): { steps: GraphEdge[]; others: GraphEdge[] } {
  const depths = new Map(graph.nodes.map((node) => [node.ref, node.depth]));
  const steps: GraphEdge[] = [];
  const others: GraphEdge[] = [];
  for (const edge of graph.edges) {
    const from = depths.get(edge.from);
    const to = depths.get(edge.to);
    (from === undefined || to === undefined || to - from === 1 ? steps : others).push(edge);
  }
  return { steps, others };
}

interface GraphProps {
  graph: MapGraph;
  focus?: string;
  height: number;
  selected: string | null;
  onSelect: (ref: string | null) => void;
  /** Objects to set off from the others, such as those of a chosen cut set. */
  lit?: string[];
}

/** The neighbourhood as a drawing; every node can be reached and chosen from the keyboard. */
export function Graph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  );
}

function Flow({ graph, focus, height, selected, onSelect, lit }: GraphProps) {
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const scheme = useComputedColorScheme("light");
  const { fitView, setCenter } = useReactFlow();
  const { steps, others } = useMemo(() => split(graph), [graph]);
  const request = useMemo(
    () => ({
      nodes: graph.nodes.map((node) => ({ id: node.ref, width: WIDTH, height: HEIGHT })),
      edges: steps.map((edge) => ({ from: edge.from, to: edge.to })),
    }),
    [graph, steps],
  );
  const positions = useLayout(request);
  const nodes = useMemo<Node<Drawn>[]>(
    () =>
      graph.nodes.map((node) => {
        const title = localText(node.title, i18n.language) || node.ref;
        const kind = localText(bySlug.get(node.kind)?.label, i18n.language) || node.kind;
        const drafted = node.drafted ? t(`draw.mark.${node.drafted}`) : "";
        const spof = (node.spofFor?.length ?? 0) > 0 ? t("map.spofFor", { count: node.spofFor?.length ?? 0 }) : "";
        return {
          id: node.ref,
          type: "object",
          position: positions?.[node.ref] ?? { x: 0, y: 0 },
          width: WIDTH,
          height: HEIGHT,
          data: { title, kind, spof, focus: node.ref === focus, selected: node.ref === selected, lit: lit?.includes(node.ref) ?? false, drafted },
          ariaLabel: [title, kind, drafted, spof].filter(Boolean).join(", "),
          selected: node.ref === selected,
          draggable: false,
          connectable: false,
        };
      }),
    [graph, positions, i18n.language, bySlug, focus, selected, lit, t],
  );
  const edges = useMemo<Edge[]>(
    () =>
      [...steps, ...others.filter((edge) => edge.drafted || (selected !== null && (edge.from === selected || edge.to === selected)))].map(
        (edge, index) => ({
          id: `${edge.from}>${edge.to}#${index}`,
          source: edge.from,
          target: edge.to,
          focusable: false,
          ...(edge.drafted
            ? {
                label: t(`draw.mark.${edge.drafted}`),
                labelStyle: { fill: "var(--draft)", fontSize: 11, fontWeight: 600 },
                labelBgStyle: { fill: "var(--surface-sunken)" },
                labelBgPadding: [3, 1] as [number, number],
                zIndex: 1,
              }
            : {}),
          style: {
            stroke: edge.drafted
              ? "var(--draft)"
              : selected && (edge.from === selected || edge.to === selected)
                ? "var(--accent)"
                : "var(--line-strong)",
            strokeWidth: edge.drafted || (selected && (edge.from === selected || edge.to === selected)) ? 2 : 1.3,
            strokeDasharray: edge.drafted ? "8 4" : dashes[edge.type],
            opacity: edge.drafted === "removed" ? 0.65 : undefined,
          },
          markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: edge.drafted ? "var(--draft)" : "var(--line-strong)" },
        }),
      ),
    [steps, others, selected, t],
  );
  useEffect(() => {
    if (!positions) return;
    const middle = focus ? positions[focus] : undefined;
    requestAnimationFrame(() => {
      // A small neighbourhood is shown whole; in a large one the titles must stay readable.
      if (middle && request.nodes.length > WHOLE)
        void setCenter(middle.x + WIDTH / 2, middle.y + HEIGHT / 2, { zoom: 0.8 });
      else void fitView({ padding: 0.08, maxZoom: 1.1 });
    });
  }, [positions, fitView, setCenter, focus, request.nodes.length]);
  if (!positions) {
    return (
      <div style={{ height }}>
        <Loading lines={8} />
      </div>
    );
  }
  return (
    <div style={{ height }} className={css.flow}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        fitViewOptions={{ padding: 0.08, maxZoom: 1.1 }}
        minZoom={0.1}
        onlyRenderVisibleElements={graph.nodes.length > 150}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onNodeClick={(_event, node) => onSelect(node.id)}
        onNodesChange={(changes) => {
          // The keyboard chooses through a selection change.
          for (const change of changes) if (change.type === "select" && change.selected) onSelect(change.id);
        }}
        onPaneClick={() => onSelect(null)}
        preventScrolling={false}
        zoomOnScroll={false}
        aria-label={t("map.drawing")}
        ariaLabelConfig={{
          "node.a11yDescription.default": t("map.nodeHelp"),
          "node.a11yDescription.keyboardDisabled": t("map.nodeHelp"),
          "edge.a11yDescription.default": "",
          "controls.ariaLabel": t("map.controls"),
          "controls.zoomIn.ariaLabel": t("map.zoomIn"),
          "controls.zoomOut.ariaLabel": t("map.zoomOut"),
          "controls.fitView.ariaLabel": t("map.fit"),
          "minimap.ariaLabel": t("map.drawing"),
          "handle.ariaLabel": "",
        }}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={22} size={1} color="var(--line)" />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}
