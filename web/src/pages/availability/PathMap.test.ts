import { expect, test } from "vitest";
import type { MapGraph } from "../../api/types";
import { ways } from "./PathMap";

const node = (ref: string) => ({ ref, title: ref, kind: "component", spofFor: [], status: "ok", depth: 0 });
const edge = (from: string, to: string, type = "requires") => ({ from, to, type });

const graph = {
  focus: "service/s",
  nodes: ["service/s", "component/a", "component/b", "component/net", "site/one", "service/above"].map(node),
  edges: [
    edge("service/s", "component/a"),
    edge("service/s", "component/b"),
    edge("component/a", "component/net"),
    edge("component/b", "site/one"),
    edge("component/net", "site/one"),
    edge("service/above", "component/net"),
  ],
  truncated: false,
} as unknown as MapGraph;

const refs = (kept: MapGraph) => kept.nodes.map((each) => each.ref).sort();

test("only ways from the service to what failed are kept", () => {
  expect(refs(ways(graph, "service/s", ["component/net"]))).toEqual(["component/a", "component/net", "service/s"]);
});

test("every way to a shared cause is kept", () => {
  expect(refs(ways(graph, "service/s", ["site/one"]))).toEqual([
    "component/a",
    "component/b",
    "component/net",
    "service/s",
    "site/one",
  ]);
});

test("with nothing chosen the first step is shown", () => {
  expect(refs(ways(graph, "service/s", []))).toEqual(["component/a", "component/b", "service/s"]);
});

test("what only degrades is no way", () => {
  const worse = { ...graph, edges: [...graph.edges, edge("service/s", "site/one", "degrades")] } as MapGraph;
  expect(ways(worse, "service/s", ["component/a"]).edges.some((each) => each.type === "degrades")).toBe(false);
});
