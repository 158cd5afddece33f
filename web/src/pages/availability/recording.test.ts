import { describe, expect, test } from "vitest";
import { type DownCause, ended, faultsOf, maintenance, outages, type OutageView, review, type Said } from "./recording";

const named = (ref: string) => ({ ref, title: ref });
const cause = (ref: string, services: string[], more: Partial<DownCause> = {}): DownCause => ({
  ...named(ref),
  cause: true,
  planned: true,
  services: services.map(named),
  ...more,
});
const said: Said = { title: "Imaging stopped", start: "2027-03-12T09:05", end: "", announced: "", stops: true, spared: [], added: [] };
const router = cause("component/dicom-router", ["service/imaging"]);
const specs = (causes: DownCause[], change: Partial<Said> = {}) =>
  outages(causes, { ...said, ...change }, "Europe/Paris", (each) => each.ref).map((put) => put.document?.spec);

describe("an outage that is recorded", () => {
  test("leaves the services that the design says to the design", () => {
    expect(specs([router])).toEqual([{ start: "2027-03-12T09:05:00+01:00", cause: "component/dicom-router" }]);
  });
  test("names what was spared", () => {
    expect(specs([router], { spared: ["service/imaging", "service/other"] })).toEqual([
      { start: "2027-03-12T09:05:00+01:00", cause: "component/dicom-router", spared: ["service/imaging"] },
    ]);
  });
  test("names every service once one is added", () => {
    expect(specs([router], { added: ["service/payroll"] })[0]?.hits).toEqual(["service/imaging", "service/payroll"]);
  });
  test("of two causes names at each what it hits, also only together", () => {
    const list = specs([router, cause("site/b", ["service/imaging", "service/record"])], { spared: ["service/record"] });
    expect(list.map((spec) => spec?.hits)).toEqual([["service/imaging"], ["service/imaging"]]);
    expect(list[1]?.spared).toEqual(["service/record"]);
  });
  test("leaves out what cannot be a cause", () => {
    expect(specs([cause("tool/monitor", [], { cause: false })])).toEqual([]);
  });
  test("is named after its cause and its beginning, within what a name may hold", () => {
    const [put] = outages([cause(`component/${"x".repeat(63)}`, [])], said, "UTC", () => "");
    expect(put?.document?.metadata.name).toMatch(/^x+-2027-03-12-0905$/);
    expect(put?.document?.metadata.name.length).toBeLessThanOrEqual(63);
    expect(put?.expect).toBe(0);
  });
});

test("planned work is on all that it can be about, with its end and its announcement", () => {
  const list = maintenance([router, cause("person/eve", [], { planned: false })], { ...said, end: "2027-03-12T11:00", announced: "2027-03-01" }, "UTC");
  expect(list[0]?.document?.spec).toEqual({
    on: ["component/dicom-router"],
    start: "2027-03-12T09:05:00+00:00",
    end: "2027-03-12T11:00:00+00:00",
    announced: "2027-03-01",
    stops: true,
  });
  expect(maintenance([cause("person/eve", [], { planned: false })], said, "UTC")).toEqual([]);
});

const outage: OutageView = {
  ...named("outage/dicom-router-2027-03-12-0905"),
  version: 7,
  document: { apiVersion: "diapason/v1", kind: "Outage", metadata: { name: "dicom-router-2027-03-12-0905" }, spec: { start: "2027-03-12T08:05:00Z", cause: "component/dicom-router" } },
  start: "2027-03-12T08:05:00Z",
  services: null,
  derived: true,
};

test("what is up again keeps all that was said, and rests on the version that was seen", () => {
  expect(ended(outage, "2027-03-12T10:00", "Europe/Paris")).toMatchObject({
    expect: 7,
    document: { spec: { cause: "component/dicom-router", end: "2027-03-12T10:00:00+01:00" } },
  });
});

test("the review is about the outage", () => {
  expect(review(outage, "Review", "2027-03-22").document?.spec).toEqual({ type: "outage", about: [outage.ref], planned: "2027-03-22" });
});

describe("what cannot be saved is told at its field", () => {
  const now = "2027-03-12T08:10:00Z";
  const rules = { zone: "Europe/Paris", now, needsEnd: false, mayLieAhead: false };
  test.each([
    ["nothing is wrong", {}, {}, []],
    ["no title", { title: " " }, {}, ["title:title"]],
    ["the longest title", { title: "é".repeat(255) }, {}, []],
    ["a title longer than the server takes", { title: "é".repeat(256) }, {}, ["title:long"]],
    ["no start", { start: "" }, {}, ["start:start"]],
    ["a start ahead", { start: "2027-03-12T09:30" }, {}, ["start:future"]],
    ["planned work ahead", { start: "2027-03-13T09:30", end: "2027-03-13T10:30" }, { needsEnd: true, mayLieAhead: true }, []],
    ["planned work without an end", {}, { needsEnd: true, mayLieAhead: true }, ["end:end"]],
    ["an end before the start", { end: "2027-03-12T09:00" }, {}, ["end:order"]],
    ["an end ahead", { end: "2027-03-12T12:00" }, {}, ["end:future"]],
    ["no reason", { reason: "" }, {}, ["reason:reason"]],
  ] as const)("%s", (_name, change, more, list) => {
    const faults = faultsOf({ title: "t", start: "2027-03-12T09:05", end: "", reason: "r", ...change }, { ...rules, ...more });
    expect(faults.map(({ field, fault }) => `${field}:${fault}`)).toEqual(list);
  });
});
