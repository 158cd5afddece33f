import { expect, test } from "vitest";
import { arrange } from "./layout";

test("what is needed stands to the right of what needs it, circles and strangers included", () => {
  const node = (id: string) => ({ id, width: 100, height: 40 });
  const placed = arrange({
    nodes: [node("a"), node("b"), node("c")],
    edges: [
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "c", to: "b" },
      { from: "a", to: "a" },
      { from: "a", to: "stranger" },
    ],
  });
  expect(Object.keys(placed)).toEqual(["a", "b", "c"]);
  expect(placed.a!.x).toBeLessThan(placed.b!.x);
});
