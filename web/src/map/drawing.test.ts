import { expect, test } from "vitest";
import { actsOn, endsOf } from "./drawing";

test("what can be drawn depends on what the object is", () => {
  expect(actsOn("component", 2)).toEqual(["need", "alternative", "replica", "move", "release", "remove"]);
  expect(actsOn("service", 0)).toEqual(["need", "alternative", "remove"]);
  expect(actsOn("person", 1)).toEqual(["need", "alternative", "move", "release", "remove"]);
  expect(actsOn("contract", 0)).toEqual(["remove"]);
});

test("the other end is of a kind that can be one", () => {
  expect(endsOf("move", "component", false)).toEqual(["site"]);
  expect(endsOf("replica", "component", false)).toEqual(["site"]);
  expect(endsOf("need", "team", false)).toEqual(["person"]);
  expect(endsOf("need", "person", true)).toContain("team");
  expect(endsOf("need", "supplier", true)).not.toContain("team");
  expect(endsOf("need", "service", false)).toContain("data-asset");
});
