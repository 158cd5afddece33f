/** What the map of the whole organisation is laid out from. */
export interface WholeRequest {
  nodes: { id: string; kind: string; criticality?: string }[];
  edges: { from: string; to: string }[];
}
/** Middles of the nodes, and the bands that they stand in, in pixels at a zoom of one. */
export interface WholePlan {
  at: Record<string, { x: number; y: number }>;
  width: number;
  height: number;
}

export const CELL = { width: 148, height: 46 };
/** Room between two bands. */
const GAP = 58;
const SWEEPS = 6;
const CRITICALITIES = ["critical", "high", "medium", "low"];
const AFTER = ["tool", "site", "supplier", "team", "person"];

/** Steps from the services to each object, by the shortest way; an object that no service reaches starts one. */
function depths(count: number, starts: number[], out: number[][]): number[] {
  const depth = new Array<number>(count).fill(-1);
  const walk = (from: number[]) => {
    for (const node of from) depth[node] = Math.max(depth[node]!, 0);
    const queue = [...from];
    for (let i = 0; i < queue.length; i++) {
      for (const next of out[queue[i]!]!) {
        if (depth[next]! >= 0) continue;
        depth[next] = depth[queue[i]!]! + 1;
        queue.push(next);
      }
    }
  };
  walk(starts);
  for (let node = 0; node < count; node++) if (depth[node]! < 0) walk([node]);
  return depth;
}

/**
 * Places a whole organisation in bands: services by criticality on top, components
 * by their distance from them, then tools, sites, suppliers, teams and people. In a
 * band, objects stand near the middle of what they are linked to (barycentre, a few
 * sweeps), wrapped so that the whole keeps the shape of a screen. The same request
 * gives the same places.
 */
export function arrangeWhole({ nodes, edges }: WholeRequest): WholePlan {
  const index = new Map(nodes.map((node, i) => [node.id, i]));
  const out: number[][] = nodes.map(() => []);
  const near: number[][] = nodes.map(() => []);
  for (const edge of edges) {
    const from = index.get(edge.from);
    const to = index.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    out[from]!.push(to);
    near[from]!.push(to);
    near[to]!.push(from);
  }
  const services = nodes.flatMap((node, i) => (node.kind === "service" ? [i] : []));
  const depth = depths(nodes.length, services, out);
  const bandOf = (i: number): number => {
    const node = nodes[i]!;
    if (node.kind === "service") {
      const place = CRITICALITIES.indexOf(node.criticality ?? "");
      return place < 0 ? CRITICALITIES.length : place;
    }
    if (node.kind === "component") return 10 + Math.min(depth[i]!, 50);
    return 100 + AFTER.indexOf(node.kind);
  };
  const byBand = new Map<number, number[]>();
  nodes.forEach((_, i) => {
    const band = bandOf(i);
    const members = byBand.get(band);
    if (members) members.push(i);
    else byBand.set(band, [i]);
  });
  const bands = [...byBand.entries()].sort((a, b) => a[0] - b[0]).map(([, members]) => members);
  // As many columns as make the picture about twice as wide as it is high.
  const columns = Math.max(6, Math.ceil(Math.sqrt((nodes.length * 2 * CELL.height) / CELL.width)));
  const x = new Array<number>(nodes.length).fill(0);
  const y = new Array<number>(nodes.length).fill(0);
  let top = 0;
  const place = (members: number[]) => {
    const rows = Math.ceil(members.length / columns);
    const used = Math.ceil(members.length / rows);
    members.forEach((node, i) => {
      x[node] = ((columns - used) / 2 + Math.floor(i / rows) + 0.5) * CELL.width;
      y[node] = top + ((i % rows) + 0.5) * CELL.height;
    });
    return rows * CELL.height;
  };
  for (const members of bands) {
    top += place(members) + GAP;
  }
  const height = Math.max(top - GAP, CELL.height);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const turn = sweep % 2 === 0 ? bands : [...bands].reverse();
    for (const members of turn) {
      const middle = new Map<number, number>();
      for (const node of members) {
        const around = near[node]!;
        middle.set(node, around.length === 0 ? x[node]! : around.reduce((sum, next) => sum + x[next]!, 0) / around.length);
      }
      top = Math.min(...members.map((node) => y[node]!)) - CELL.height / 2;
      members.sort((a, b) => middle.get(a)! - middle.get(b)! || a - b);
      place(members);
    }
  }
  const at: WholePlan["at"] = {};
  nodes.forEach((node, i) => (at[node.id] = { x: x[i]!, y: y[i]! }));
  return { at, width: columns * CELL.width, height };
}
