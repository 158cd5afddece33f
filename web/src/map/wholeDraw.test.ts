import { expect, test } from "vitest";
import { type Drawn, outline, pinched, type Point, under, whole, zoomed } from "./wholeDraw";

const node = (ref: string, x: number, y: number): Drawn => ({ ref, title: ref, kind: "service", x, y, ringed: false });

test("what is under the pointer stays there while the map is zoomed, up to its limits", () => {
  let sight = { x: 40, y: -30, zoom: 1 };
  const at = { x: 300, y: 200 };
  const before = { x: (at.x - sight.x) / sight.zoom, y: (at.y - sight.y) / sight.zoom };
  for (const factor of [1.5, 0.2, 1e6, 1e-9, 3]) {
    sight = zoomed(sight, factor, at);
    expect((at.x - sight.x) / sight.zoom).toBeCloseTo(before.x, 6);
    expect((at.y - sight.y) / sight.zoom).toBeCloseTo(before.y, 6);
    expect(sight.zoom).toBeGreaterThan(0.03);
    expect(sight.zoom).toBeLessThan(3.1);
  }
});

test("the whole plan stands in the middle of its frame", () => {
  const plan = { width: 4000, height: 1000 };
  const frame = { width: 800, height: 600 };
  const { x, y, zoom } = whole(plan, frame);
  expect(x).toBeGreaterThan(0);
  expect(x * 2 + plan.width * zoom).toBeCloseTo(frame.width);
  expect(y * 2 + plan.height * zoom).toBeCloseTo(frame.height);
});

test("the nearest object within reach is under the pointer, or none", () => {
  const nodes = [node("a", 0, 0), node("b", 100, 0)];
  const sight = { x: 10, y: 10, zoom: 0.5 };
  expect(under(nodes, sight, { x: 12, y: 11 })?.ref).toBe("a");
  expect(under(nodes, sight, { x: 57, y: 12 })?.ref).toBe("b");
  expect(under(nodes, sight, { x: 35, y: 10 })).toBeNull();
});

test("each kind has an outline of its own", () => {
  const kinds = ["service", "component", "tool", "site", "supplier", "team", "person"];
  expect(new Set(kinds.map((kind) => JSON.stringify(outline(kind, 0, 0, 10)))).size).toBe(kinds.length);
});

test("two fingers keep what is between them, however they move, and part by the zoom", () => {
  const sight = { x: 40, y: -30, zoom: 0.5 };
  const from: [Point, Point] = [{ x: 100, y: 100 }, { x: 200, y: 100 }];
  const to: [Point, Point] = [{ x: 150, y: 120 }, { x: 350, y: 120 }];
  const next = pinched(sight, from, to);
  expect(next.zoom).toBeCloseTo(1);
  expect((250 - next.x) / next.zoom).toBeCloseTo((150 - sight.x) / sight.zoom);
  expect((120 - next.y) / next.zoom).toBeCloseTo((100 - sight.y) / sight.zoom);
  expect(pinched(sight, from, from)).toEqual(sight);
  expect(pinched(sight, [from[0], from[0]], to).zoom).toBeLessThanOrEqual(3);
});
