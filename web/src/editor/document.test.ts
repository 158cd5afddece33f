import { describe, expect, test } from "vitest";
import type { Document, Field } from "../api/types";
import { isEmpty, moved, outgoing, pruned, summaryOf, valueAt, withValue } from "./document";
import { members, type Need, reshaped, shapeOf, single, target, withMembers } from "./need";

const root = {
  spec: {
    targets: [
      { name: "availability", value: "99.9%" },
      { name: "restore", value: "PT4H" },
    ],
    "a/b": { "c~d": 1 },
  },
};

describe("documents by pointer", () => {
  test.each([
    ["a value in a list is found by position", "/spec/targets/0/value", "99.9%"],
    ["a value in a list is found by name", "/spec/targets/restore/value", "PT4H"],
    ["escaped segments are read", "/spec/a~1b/c~0d", 1],
    ["nothing is found beyond a value", "/spec/targets/0/value/x", undefined],
    ["nothing is found under an unknown name", "/spec/targets/response/value", undefined],
  ])("%s", (_name, pointer, expected) => {
    expect(valueAt(root, pointer)).toBe(expected);
  });

  test("a change copies what it touches and nothing else", () => {
    const next = withValue(root, "/spec/targets/availability/value", "99.95%");
    expect(valueAt(next, "/spec/targets/0/value")).toBe("99.95%");
    expect(root.spec.targets[0]?.value).toBe("99.9%");
    expect(next.spec.targets[1]).toBe(root.spec.targets[1]);
  });

  test("undefined removes a field or an item", () => {
    expect(valueAt(withValue(root, "/spec/targets/0", undefined), "/spec/targets")).toHaveLength(1);
    expect("value" in (valueAt(withValue(root, "/spec/targets/0/value", undefined), "/spec/targets/0") as object)).toBe(
      false,
    );
  });

  test("records on the way are made", () => {
    expect(withValue({}, "/spec/sheet/summary/fr", "Résumé")).toEqual({
      spec: { sheet: { summary: { fr: "Résumé" } } },
    });
  });

  test("an item never leaves its list", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });

  test("empty parts are not sent, false and zero are", () => {
    expect(pruned({ a: "", b: [], c: { d: undefined }, e: false, f: 0, g: ["", "x"] })).toEqual({
      e: false,
      f: 0,
      g: ["x"],
    });
    expect(isEmpty({ a: { b: [] } })).toBe(true);
    expect(isEmpty(false)).toBe(false);
  });

  test("metadata and spec are always sent", () => {
    const document: Document = {
      apiVersion: "diapason/v1",
      kind: "Site",
      metadata: { name: "a", title: {} },
      spec: {},
    };
    expect(outgoing(document)).toEqual({ apiVersion: "diapason/v1", kind: "Site", metadata: { name: "a" }, spec: {} });
  });

  test("a folded item is told by its title, then its plain values", () => {
    const fields: Field[] = [
      { name: "value", label: "", type: "text" },
      { name: "parts", label: "", type: "list" },
      { name: "name", label: "", type: "text" },
    ];
    expect(summaryOf({ name: "availability", value: "99.9%", parts: [1] }, fields, (each) => String(each ?? ""))).toBe(
      "availability · 99.9%",
    );
  });
});

describe("dependency expressions", () => {
  const group: Need = { anyOf: ["component/a", "component/b"], takeover: "PT5M" };

  test("each form is recognised", () => {
    expect(shapeOf("component/a")).toBe("one");
    expect(shapeOf({ on: "component/a", for: ["start"] })).toBe("one");
    expect(shapeOf(group)).toBe("anyOf");
    expect(shapeOf({ atLeast: 2, of: [] })).toBe("atLeast");
    expect(shapeOf(undefined)).toBe("one");
  });

  test("a reference without phases stays a bare reference", () => {
    expect(single("component/a", [])).toBe("component/a");
    expect(single("component/a", ["start"])).toEqual({ on: "component/a", for: ["start"] });
    expect(target({ on: "component/a" })).toBe("component/a");
  });

  test("a change of form keeps what is referred to", () => {
    expect(reshaped("component/a", "anyOf")).toEqual({ anyOf: ["component/a"] });
    expect(reshaped(group, "atLeast")).toEqual({ atLeast: 1, of: ["component/a", "component/b"] });
    expect(reshaped({ atLeast: 2, of: ["component/a"] }, "one")).toBe("component/a");
    expect(members(reshaped(group, "anyOf"))).toHaveLength(2);
  });

  test("a group keeps its takeover when its members change", () => {
    expect(withMembers(group, ["component/c"])).toEqual({ anyOf: ["component/c"], takeover: "PT5M" });
  });
});
