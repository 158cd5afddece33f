import { CELL } from "./wholeLayout";

/** One object as it is drawn: its middle at a zoom of one, and how it shows. */
export interface Drawn {
  ref: string;
  title: string;
  kind: string;
  x: number;
  y: number;
  /** A single point of failure: ringed. */
  ringed: boolean;
  /** What the open draft does to it, in a word. */
  drafted?: string;
}
/** What part of the map is seen: the pixels by which it is moved, and its scale. */
export interface Sight {
  x: number;
  y: number;
  zoom: number;
}
export interface Point {
  x: number;
  y: number;
}
export interface Scene {
  nodes: Drawn[];
  /** Ends of the dependencies, places in nodes. */
  edges: { from: number; to: number; group: boolean; drafted?: string }[];
  selected: string | null;
  hovered: string | null;
  /** What stops with the selected object. */
  lit: ReadonlySet<string>;
}
export type Palette = Record<string, string>;

export const SMALLEST = 0.04;
export const LARGEST = 3;
/** Shapes drawn as one path: one call a shape costs more, and so does one path whose every crossing must be resolved. */
const BATCH = 64;
/** More lines than this would hide what they lead to: they are drawn thin. */
const CROWD = 150;
/** Titles are drawn from this zoom on. */
const TITLES = 0.5;
const FONT = '"Inter Variable", sans-serif';

/** The outline of a kind around a middle; each kind has its own, so that colour is never needed. */
export function outline(kind: string, x: number, y: number, r: number): [number, number][] {
  const around = (corners: number, turn: number, radius = r) =>
    Array.from({ length: corners }, (_, i): [number, number] => {
      const angle = ((i + turn) * 2 * Math.PI) / corners;
      return [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
    });
  switch (kind) {
    case "service":
      return around(20, 0);
    case "component":
      return around(4, 0.5, r * 1.2);
    case "supplier":
      return around(4, 0, r * 1.2);
    case "person":
      return around(3, 0, r * 1.15);
    case "team":
      return around(6, 0, r * 1.1);
    case "site":
      return around(5, 0, r * 1.1);
    default: {
      const t = r * 0.4;
      const plus: [number, number][] = [[-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t], [-r, -t], [-t, -t]];
      return plus.map(([dx, dy]) => [x + dx, y + dy]);
    }
  }
}

/** The sight that shows all of a plan in a frame. */
export function whole(plan: { width: number; height: number }, frame: { width: number; height: number }): Sight {
  const room = 16;
  const zoom = Math.min(
    1.1,
    Math.max(SMALLEST, Math.min((frame.width - 2 * room) / plan.width, (frame.height - 2 * room) / plan.height)),
  );
  return { zoom, x: (frame.width - plan.width * zoom) / 2, y: (frame.height - plan.height * zoom) / 2 };
}

/**
 * Two fingers that move: what was between them stays between them, nearer or farther
 * by as much as they part. from and to are the two points before and after.
 */
export function pinched(sight: Sight, from: [Point, Point], to: [Point, Point]): Sight {
  const middle = ([a, b]: [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = ([a, b]: [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const was = middle(from);
  const now = middle(to);
  return zoomed({ ...sight, x: sight.x + now.x - was.x, y: sight.y + now.y - was.y }, apart(to) / apart(from), now);
}

/** The same sight nearer or farther, what is under the point staying there. */
export function zoomed(sight: Sight, factor: number, at: { x: number; y: number }): Sight {
  const zoom = Math.min(LARGEST, Math.max(SMALLEST, sight.zoom * factor));
  const by = zoom / sight.zoom;
  return { zoom, x: at.x - (at.x - sight.x) * by, y: at.y - (at.y - sight.y) * by };
}

/** The object under a point of the frame, the nearest within reach; null for none. */
export function under(nodes: Drawn[], sight: Sight, at: { x: number; y: number }): Drawn | null {
  let best: Drawn | null = null;
  let least = Math.max(10, 0.16 * CELL.width * sight.zoom) ** 2;
  for (const node of nodes) {
    const distance = (node.x * sight.zoom + sight.x - at.x) ** 2 + (node.y * sight.zoom + sight.y - at.y) ** 2;
    if (distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}

function fillShapes(g: CanvasRenderingContext2D, shapes: [number, number][][], colour: string) {
  g.fillStyle = colour;
  for (let from = 0; from < shapes.length; from += BATCH) {
    g.beginPath();
    for (const points of shapes.slice(from, from + BATCH)) {
      points.forEach(([x, y], i) => (i === 0 ? g.moveTo(x, y) : g.lineTo(x, y)));
      g.closePath();
    }
    g.fill();
  }
}

/** Draws what a sight shows of a scene; what is outside the frame costs nothing but a look. */
export function draw(g: CanvasRenderingContext2D, scene: Scene, sight: Sight, frame: { width: number; height: number }, colours: Palette) {
  const { nodes, lit, selected, hovered } = scene;
  const { zoom } = sight;
  const sx = (node: Drawn) => node.x * zoom + sight.x;
  const sy = (node: Drawn) => node.y * zoom + sight.y;
  g.fillStyle = colours["--surface-sunken"]!;
  g.fillRect(0, 0, frame.width, frame.height);
  const chosen = selected !== null;
  const on = (node: Drawn) => node.ref === selected || lit.has(node.ref);

  const plain: number[] = [];
  const strong: number[] = [];
  const dashed: number[] = [];
  const drafted: number[] = [];
  const words: { text: string; x: number; y: number }[] = [];
  for (const edge of scene.edges) {
    const a = nodes[edge.from]!;
    const b = nodes[edge.to]!;
    const [ax, ay, bx, by] = [sx(a), sy(a), sx(b), sy(b)];
    if (Math.max(ax, bx) < 0 || Math.min(ax, bx) > frame.width || Math.max(ay, by) < 0 || Math.min(ay, by) > frame.height) continue;
    if (edge.drafted) {
      drafted.push(ax, ay, bx, by);
      words.push({ text: edge.drafted, x: (ax + bx) / 2, y: (ay + by) / 2 });
      continue;
    }
    const list = chosen && (a.ref === selected || b.ref === selected || (on(a) && on(b))) ? strong : edge.group && zoom >= TITLES ? dashed : plain;
    list.push(ax, ay, bx, by);
  }
  const lines = (list: number[], colour: string, width: number, alpha: number) => {
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.globalAlpha = alpha;
    for (let i = 0; i < list.length; ) {
      g.beginPath();
      for (const end = Math.min(list.length, i + 4 * BATCH); i < end; i += 4) {
        g.moveTo(list[i]!, list[i + 1]!);
        g.lineTo(list[i + 2]!, list[i + 3]!);
      }
      g.stroke();
    }
    g.globalAlpha = 1;
  };
  const faint = chosen ? 0.25 : 0.6;
  lines(plain, colours["--line-strong"]!, zoom < TITLES ? 0.6 : 1, faint);
  g.setLineDash([6, 3]);
  lines(dashed, colours["--line-strong"]!, 1, faint);
  g.setLineDash([]);
  const crowded = strong.length > 4 * CROWD;
  lines(strong, colours["--accent"]!, crowded ? 0.8 : 1.6, crowded ? 0.4 : 0.9);

  g.setLineDash([8, 4]);
  lines(drafted, colours["--draft"]!, 2, 1);
  g.setLineDash([]);

  const r = Math.max(2.2, 11 * zoom);
  const room = CELL.width * zoom;
  const seen = nodes.filter((node) => {
    const x = sx(node);
    const y = sy(node);
    return x > -room && x < frame.width + room && y > -room && y < frame.height + room;
  });
  const byKind = new Map<string, [number, number][][]>();
  for (const node of seen) {
    const shapes = byKind.get(node.kind) ?? [];
    shapes.push(outline(node.kind, sx(node), sy(node) - 6 * zoom, r));
    byKind.set(node.kind, shapes);
  }
  // What goes on working steps back, so that what stops stands out by more than its colour.
  g.globalAlpha = chosen ? 0.45 : 1;
  for (const [kind, shapes] of byKind) fillShapes(g, shapes, colours[`--kind-${kind}`] ?? colours["--ink-soft"]!);
  const rings = (list: Drawn[], colour: string, radius: number, width: number) => {
    g.strokeStyle = colour;
    g.lineWidth = width;
    for (let from = 0; from < list.length; from += BATCH) {
      g.beginPath();
      for (const node of list.slice(from, from + BATCH)) {
        const x = sx(node);
        const y = sy(node) - 6 * zoom;
        g.moveTo(x + radius, y);
        g.arc(x, y, radius, 0, 2 * Math.PI);
      }
      g.stroke();
    }
  };
  rings(seen.filter((node) => node.ringed), colours["--status-gap"]!, r * 1.45 + 0.5, Math.max(1, 2.2 * zoom));
  g.globalAlpha = 1;
  g.setLineDash([5, 3]);
  rings(seen.filter((node) => node.drafted), colours["--draft"]!, Math.max(6, r * 1.75), 2);
  g.setLineDash([]);
  if (chosen) {
    fillShapes(
      g,
      seen.filter((node) => lit.has(node.ref)).map((node) => outline(node.kind, sx(node), sy(node) - 6 * zoom, Math.max(4, r * 1.15))),
      colours["--status-gap"]!,
    );
    for (const node of seen) {
      if (node.ref !== selected) continue;
      const shape = outline(node.kind, sx(node), sy(node) - 6 * zoom, Math.max(4, r));
      fillShapes(g, [shape], colours[`--kind-${node.kind}`] ?? colours["--ink-soft"]!);
    }
    rings(seen.filter((node) => node.ref === selected), colours["--accent"]!, Math.max(7, r * 1.9), 3);
  }

  if (zoom >= TITLES) {
    const size = Math.min(12.5, 12 * Math.max(zoom, 0.75));
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.fillStyle = colours["--ink"]!;
    g.font = `${size}px ${FONT}`;
    // The lines that pass under a title are kept off its letters.
    g.strokeStyle = colours["--surface-sunken"]!;
    g.lineWidth = 3;
    g.lineJoin = "round";
    const letters = Math.floor((CELL.width * zoom) / (size * 0.56));
    for (const node of seen) {
      const title = node.title.length > letters ? `${node.title.slice(0, Math.max(1, letters - 1))}…` : node.title;
      g.strokeText(title, sx(node), sy(node) + 16 * zoom);
      g.fillText(title, sx(node), sy(node) + 16 * zoom);
    }
    g.fillStyle = colours["--draft"]!;
    g.font = `600 ${size}px ${FONT}`;
    for (const node of seen) if (node.drafted) words.push({ text: node.drafted, x: sx(node), y: sy(node) + 16 * zoom + size });
    for (const { text, x, y } of words) {
      g.strokeText(text, x, y);
      g.fillText(text, x, y);
    }
  }
  for (const ref of new Set([selected, hovered])) {
    const node = ref === null ? undefined : seen.find((each) => each.ref === ref);
    if (node) label(g, node.drafted ? `${node.title} · ${node.drafted}` : node.title, sx(node), sy(node), r, frame.width, colours);
  }
}

/** The whole title of one object in a box above it, inside the frame. */
function label(g: CanvasRenderingContext2D, title: string, x: number, y: number, r: number, room: number, colours: Palette) {
  g.font = `600 12.5px ${FONT}`;
  g.textAlign = "left";
  g.textBaseline = "middle";
  const width = Math.min(room - 8, g.measureText(title).width + 14);
  const left = Math.min(Math.max(4, x - width / 2), Math.max(4, room - width - 4));
  const top = Math.max(4, y - r * 2 - 32);
  g.fillStyle = colours["--surface-raised"]!;
  g.strokeStyle = colours["--line-strong"]!;
  g.lineWidth = 1;
  g.beginPath();
  g.roundRect(left, top, width, 24, 5);
  g.fill();
  g.stroke();
  g.fillStyle = colours["--ink"]!;
  g.fillText(title, left + 7, top + 12.5, width - 14);
}
