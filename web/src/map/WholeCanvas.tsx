import { ActionIcon, useComputedColorScheme } from "@mantine/core";
import { Maximize, Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { localText } from "../format/text";
import css from "./Map.module.css";
import { draw, type Drawn, type Palette, pinched, type Point, type Scene, type Sight, under, whole, zoomed } from "./wholeDraw";
import type { WholePlan } from "./wholeLayout";
import type { WholeGraph } from "./WholeMap";

const COLOURS = ["--surface-sunken", "--surface-raised", "--line-strong", "--ink", "--ink-soft", "--accent", "--status-gap", "--draft"];
const STEP = 70;
const ZOOM = 1.35;

interface WholeCanvasProps {
  graph: WholeGraph;
  plan: WholePlan;
  height: number;
  selected: string | null;
  lit: ReadonlySet<string>;
  onSelect: (ref: string | null) => void;
}

/** The whole organisation drawn on a canvas, moved and zoomed by pointer or keyboard; a frame is drawn only when something changed. */
export function WholeCanvas({ graph, plan, height, selected, lit, onSelect }: WholeCanvasProps) {
  const { t, i18n } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const sight = useRef<Sight | null>(null);
  const frame = useRef({ width: 0, height });
  const hovered = useRef<string | null>(null);
  const colours = useRef<Palette | null>(null);
  const waiting = useRef(0);
  const clicked = useRef<string | null>(null);
  const held = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  /** The fingers, or the pointer, that press on the map, by their identifiers. */
  const fingers = useRef(new Map<number, Point>());
  const shownPlan = useRef<WholePlan | null>(null);

  const drawn = useMemo(() => {
    const places = new Map(graph.nodes.map((node, i) => [node.ref, i]));
    const nodes = graph.nodes.map((node): Drawn => {
      const at = plan.at[node.ref] ?? { x: 0, y: 0 };
      return {
        ref: node.ref,
        kind: node.kind,
        title: localText(node.title, i18n.language) || node.ref,
        x: at.x,
        y: at.y,
        ringed: node.stops > 0,
        drafted: node.drafted && t(`draw.mark.${node.drafted}`),
      };
    });
    const edges = graph.edges.flatMap((edge) => {
      const from = places.get(edge.from);
      const to = places.get(edge.to);
      return from === undefined || to === undefined ? [] : [{ from, to, group: edge.type === "anyOf", drafted: edge.drafted && t(`draw.mark.${edge.drafted}`) }];
    });
    return { nodes, edges };
  }, [graph, plan, i18n.language, t]);
  const selectedNow = useRef(selected);
  const scene = useRef<Omit<Scene, "hovered">>({ ...drawn, selected, lit });

  const paint = useCallback(() => {
    waiting.current = 0;
    const g = canvas.current?.getContext("2d");
    if (!g || !box.current || !sight.current) return;
    if (!colours.current) {
      const style = getComputedStyle(box.current);
      const kinds = ["service", "component", "tool", "site", "supplier", "team", "person"].map((kind) => `--kind-${kind}`);
      colours.current = Object.fromEntries([...COLOURS, ...kinds].map((name) => [name, style.getPropertyValue(name).trim()]));
    }
    const ratio = window.devicePixelRatio || 1;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(g, { ...scene.current, hovered: hovered.current }, sight.current, frame.current, colours.current);
  }, []);
  const invalidate = useCallback(() => {
    if (waiting.current === 0) waiting.current = requestAnimationFrame(paint);
  }, [paint]);
  const look = useCallback(
    (next: Sight) => {
      sight.current = next;
      invalidate();
    },
    [invalidate],
  );

  useEffect(() => {
    scene.current = { ...drawn, selected, lit };
    selectedNow.current = selected;
    invalidate();
  }, [drawn, selected, lit, invalidate]);
  useEffect(() => {
    colours.current = null;
    invalidate();
  }, [scheme, invalidate]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const ratio = window.devicePixelRatio || 1;
      const size = { width: element.clientWidth, height: element.clientHeight };
      if (canvas.current) {
        canvas.current.width = size.width * ratio;
        canvas.current.height = size.height * ratio;
      }
      const first = frame.current.width === 0;
      frame.current = size;
      if (first || !sight.current) sight.current = whole(plan, size);
      paint();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // A page must not scroll while the wheel zooms, which only a listener that may refuse can tell.
    const wheel = (event: WheelEvent) => {
      if (!sight.current) return;
      event.preventDefault();
      look(zoomed(sight.current, Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), pointOf(event, element)));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", wheel);
      cancelAnimationFrame(waiting.current);
      waiting.current = 0;
    };
  }, [plan, paint, look]);
  useEffect(() => {
    const before = shownPlan.current;
    shownPlan.current = plan;
    if (frame.current.width === 0) return;
    // What is drawn may lay the map out anew: the chosen object stays where the reader looks.
    const was = selectedNow.current ? before?.at[selectedNow.current] : undefined;
    const is = selectedNow.current ? plan.at[selectedNow.current] : undefined;
    const { zoom, x, y } = sight.current ?? whole(plan, frame.current);
    if (was && is) look({ zoom, x: x + (was.x - is.x) * zoom, y: y + (was.y - is.y) * zoom });
    else look(whole(plan, frame.current));
  }, [plan, look]);
  useEffect(() => {
    // What was chosen elsewhere, by search or address, is brought into the middle.
    const at = selected && selected !== clicked.current ? plan.at[selected] : undefined;
    clicked.current = selected;
    if (!at) return;
    const turn = requestAnimationFrame(() => {
      const zoom = Math.max(sight.current?.zoom ?? 0, 0.8);
      look({ zoom, x: frame.current.width / 2 - at.x * zoom, y: frame.current.height / 2 - at.y * zoom });
    });
    return () => cancelAnimationFrame(turn);
  }, [selected, plan, look]);

  const closer = (factor: number) =>
    sight.current && look(zoomed(sight.current, factor, { x: frame.current.width / 2, y: frame.current.height / 2 }));
  const move = (x: number, y: number) =>
    sight.current && look({ ...sight.current, x: sight.current.x + x, y: sight.current.y + y });
  const fit = () => look(whole(plan, frame.current));
  const onKeyDown = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => move(STEP, 0),
      ArrowRight: () => move(-STEP, 0),
      ArrowUp: () => move(0, STEP),
      ArrowDown: () => move(0, -STEP),
      "+": () => closer(ZOOM),
      "=": () => closer(ZOOM),
      "-": () => closer(1 / ZOOM),
      "0": fit,
      Escape: () => onSelect(null),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const hover = (ref: string | null) => {
    if (hovered.current === ref) return;
    hovered.current = ref;
    if (canvas.current) canvas.current.style.cursor = ref ? "pointer" : "";
    invalidate();
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const at = pointOf(event, event.currentTarget);
    const from = held.current;
    if (fingers.current.size === 2 && fingers.current.has(event.pointerId)) {
      const before = [...fingers.current.values()] as [Point, Point];
      fingers.current.set(event.pointerId, at);
      if (sight.current) look(pinched(sight.current, before, [...fingers.current.values()] as [Point, Point]));
      return;
    }
    if (!from) {
      if (sight.current) hover(under(drawn.nodes, sight.current, at)?.ref ?? null);
      return;
    }
    if (!from.moved && Math.hypot(at.x - from.x, at.y - from.y) < 4) return;
    move(at.x - from.x, at.y - from.y);
    held.current = { ...at, moved: true };
  };
  /** The finger that stays after a pinch neither chooses nor jumps: it moves the map from where it is. */
  const letGo = (event: PointerEvent<HTMLCanvasElement>) => {
    fingers.current.delete(event.pointerId);
    const [rest] = fingers.current.values();
    held.current = rest ? { ...rest, moved: true } : null;
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = held.current;
    const pinching = fingers.current.size > 1;
    letGo(event);
    if (!from || from.moved || pinching || !sight.current) return;
    const ref = under(drawn.nodes, sight.current, pointOf(event, event.currentTarget))?.ref ?? null;
    clicked.current = ref;
    onSelect(ref);
  };
  return (
    <div className={css.wholeFrame}>
      <div ref={box} className={css.wholeBox} style={{ height }} role="group" tabIndex={0} aria-label={t("map.wholeDrawing")} onKeyDown={onKeyDown}>
        <canvas
          ref={canvas}
          aria-hidden="true"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const at = pointOf(event, event.currentTarget);
            fingers.current.set(event.pointerId, at);
            held.current = { ...at, moved: fingers.current.size > 1 };
          }}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={letGo}
          onPointerLeave={() => hover(null)}
        />
      </div>
      <div className={css.wholeControls} role="group" aria-label={t("map.controls")}>
        <ActionIcon variant="default" aria-label={t("map.zoomIn")} onClick={() => closer(ZOOM)}>
          <Plus size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t("map.zoomOut")} onClick={() => closer(1 / ZOOM)}>
          <Minus size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t("map.fit")} onClick={fit}>
          <Maximize size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
    </div>
  );
}

function pointOf(event: { clientX: number; clientY: number }, element: Element) {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}
