import dagre from "@dagrejs/dagre";

export interface LayoutRequest {
  nodes: { id: string; width: number; height: number }[];
  edges: { from: string; to: string }[];
}
export type Positions = Record<string, { x: number; y: number }>;

/** Places nodes in layers from what needs to what is needed; top left corners in pixels. */
export function arrange({ nodes, edges }: LayoutRequest): Positions {
  const graph = new dagre.graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", nodesep: 8, ranksep: 56, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set<string>();
  for (const node of nodes) {
    known.add(node.id);
    graph.setNode(node.id, { width: node.width, height: node.height });
  }
  for (const edge of edges) {
    if (edge.from !== edge.to && known.has(edge.from) && known.has(edge.to)) graph.setEdge(edge.from, edge.to);
  }
  dagre.layout(graph);
  const positions: Positions = {};
  for (const node of nodes) {
    const placed = graph.node(node.id) as { x: number; y: number } | undefined;
    if (placed) positions[node.id] = { x: placed.x - node.width / 2, y: placed.y - node.height / 2 };
  }
  return positions;
}
