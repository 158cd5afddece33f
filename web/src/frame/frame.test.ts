import { describe, expect, test } from "vitest";
import { safeNext } from "../pages/LoginPage";
import { parseGrant, writeGrant } from "../pages/administration/grants";
import { groupByObject } from "../pages/history/groups";
import { managedProcesses } from "../pages/processRole";
import { fullRef } from "../parts/RefPicker";
import { concerns } from "../editor/context";
import { matches, palettePages } from "./palettePages";
import { homeOf, mayCreate } from "./readers";
import { readView } from "./view";

describe("the view in the address", () => {
  test.each([
    ["a day is read", { on: "2027-03-12" }, { on: "2027-03-12" }],
    ["a malformed day is left out", { on: "yesterday" }, {}],
    ["an entry of the log is a number", { seq: "12" }, { seq: 12 }],
    ["a negative entry is left out", { seq: "-1" }, {}],
    ["a draft is kept as text", { draft: 7 }, { draft: "7" }],
  ])("%s", (_name, search, expected) => {
    expect(readView(search)).toEqual(expected);
  });
});

describe("the way after signing in", () => {
  test.each([
    ["a page of the application is followed", "/services/x?on=2027-01-01", "/services/x?on=2027-01-01"],
    ["another site never is", "https://evil.example/", "/"],
    ["nor an address without scheme", "//evil.example/", "/"],
    ["nor one with a backslash", "/\\evil.example/", "/"],
    ["nothing leads home", undefined, "/"],
  ])("%s", (_name, next, expected) => {
    expect(safeNext(next)).toBe(expected);
  });
});

describe("the palette", () => {
  test("a page is found by its name in either language, without accents", () => {
    expect(matches("disponibilite", ["Availability management", "Gestion de la disponibilité"])).toBe(true);
    expect(matches("avail manag", ["Availability management"])).toBe(true);
    expect(matches("capacity", ["Availability management"])).toBe(false);
  });

  test("administration is offered to administrators only", () => {
    expect(palettePages(["auditor"]).some((page) => page.href === "/administration")).toBe(false);
    expect(palettePages(["administrator"]).some((page) => page.href === "/administration")).toBe(true);
  });
});

describe("readers", () => {
  test.each([
    ["a manager begins at the overview", ["supplier-manager"], "/overview"],
    ["an administrator too", ["administrator"], "/overview"],
    ["a customer in the catalogue", ["customer-representative"], "/catalogue"],
    ["a supplier with his contracts", ["supplier-contact"], "/agreed"],
    ["whoever works inside besides, inside", ["supplier-contact", "auditor"], "/overview"],
  ] as const)("%s", (_name, roles, expected) => {
    expect(homeOf([...roles], false)).toBe(expected);
  });

  test("an empty model begins with the first steps, for those who fill it", () => {
    expect(homeOf(["design-coordinator"], true)).toBe("/welcome");
    expect(homeOf(["supplier-contact"], true)).toBe("/agreed");
  });

  test("only those who may create are offered to", () => {
    expect(mayCreate(["auditor"], "service")).toBe(false);
    expect(mayCreate(["administrator"], "service")).toBe(false);
    expect(mayCreate(["administrator"], "person")).toBe(true);
    expect(mayCreate(["service-owner"], "service")).toBe(true);
    expect(mayCreate(["customer-representative"], "agreement")).toBe(false);
  });

  test("the palette leads readers from outside nowhere that refuses them", () => {
    expect(palettePages(["customer-representative"]).map((page) => page.href)).toEqual(["/catalogue", "/agreed"]);
  });
});

describe("small decisions", () => {
  test("roles lead to the processes they manage", () => {
    expect(managedProcesses(["administrator", "supplier-manager"])).toEqual(["supplier"]);
  });

  test("grants are read and written with their scope", () => {
    expect(parseGrant("service-owner@service/payroll")).toEqual({ role: "service-owner", scope: "service/payroll" });
    expect(writeGrant({ role: "auditor" })).toBe("auditor");
    expect(parseGrant("king")).toBeNull();
  });

  test("a bare name takes the one kind that its field allows", () => {
    expect(fullRef("emergency", ["customer"])).toBe("customer/emergency");
    expect(fullRef("x", ["a", "b"])).toBe("x");
  });

  test("an error finds its field whatever stands before the pointer", () => {
    expect(concerns("/spec/start", "/spec/start")).toBe(true);
    expect(concerns("/puts/0/document/spec/start", "/spec/start")).toBe(true);
    expect(concerns("body.puts[0].document.spec.start", "/spec/start")).toBe(true);
    expect(concerns("/spec/start", "/spec/end")).toBe(false);
  });

  test("changes are told object by object", () => {
    const groups = groupByObject([
      { op: "set", path: "/spec/a", ref: "site/x", before: 1, after: 2 },
      { op: "add", path: "", ref: "site/y" },
      { op: "set", path: "/spec/b", ref: "site/x", before: 1, after: 2 },
    ]);
    expect(groups.map((group) => [group.ref, group.created, group.changes.length])).toEqual([
      ["site/x", false, 2],
      ["site/y", true, 0],
    ]);
  });
});
