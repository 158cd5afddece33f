import { describe, expect, test } from "vitest";
import { arrangeWhole, CELL, type WholeRequest } from "./wholeLayout";

const service = (id: string, criticality?: string) => ({ id, kind: "service", criticality });
const component = (id: string) => ({ id, kind: "component" });

describe("the layout of the whole organisation", () => {
  test("critical services stand on top, then components by distance, then sites, suppliers and people", () => {
    const { at } = arrangeWhole({
      nodes: [
        { id: "person", kind: "person" },
        { id: "supplier", kind: "supplier" },
        { id: "site", kind: "site" },
        component("far"),
        component("near"),
        service("minor", "low"),
        service("major", "critical"),
      ],
      edges: [
        { from: "major", to: "near" },
        { from: "near", to: "far" },
        { from: "far", to: "near" },
        { from: "far", to: "site" },
        { from: "near", to: "stranger" },
      ],
    });
    const order = ["major", "minor", "near", "far", "site", "supplier", "person"];
    const heights = order.map((id) => at[id]!.y);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(order.length);
  });

  test("what is linked stands close: separate columns do not cross", () => {
    const letters = ["a", "b", "c", "d"];
    const { at } = arrangeWhole({
      nodes: [...letters.map((each) => service(each)), ...[...letters].reverse().map((each) => component(`${each}1`))],
      edges: letters.map((each) => ({ from: each, to: `${each}1` })),
    });
    for (const each of letters) expect(at[each]!.x).toBe(at[`${each}1`]!.x);
  });

  test("two thousand objects are placed apart, the same each time, in the shape of a screen", () => {
    const nodes = Array.from({ length: 2000 }, (_, i) => (i < 200 ? service(`s${i}`, "high") : component(`c${i}`)));
    const edges = Array.from({ length: 6000 }, (_, i) => ({
      from: nodes[(i * 7919) % 2000]!.id,
      to: nodes[200 + ((i * 104729) % 1800)]!.id,
    }));
    const request: WholeRequest = { nodes, edges };
    const plan = arrangeWhole(request);
    expect(arrangeWhole(request)).toEqual(plan);
    const taken = new Set(Object.values(plan.at).map(({ x, y }) => `${Math.floor(x / CELL.width)}|${y}`));
    expect(taken.size).toBe(2000);
    expect(plan.width / plan.height).toBeGreaterThan(1);
    for (const { x, y } of Object.values(plan.at)) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(plan.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(plan.height);
    }
  });

  test("nothing is placed nowhere", () => {
    expect(arrangeWhole({ nodes: [], edges: [] }).at).toEqual({});
  });
});
