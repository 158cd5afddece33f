import { describe, expect, test } from "vitest";
import type { Field, Kind, Schema } from "../api/types";
import { completionAt, pathAt } from "./completion";

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: { en: name, fr: name },
  type: "text",
  ...more,
});
const metric = field("metric", {
  type: "enum",
  enum: [
    { value: "availability", label: { en: "Availability", fr: "Disponibilité" } },
    { value: "time-to-restore", label: { en: "Time to restore", fr: "Temps de rétablissement (GTR)" } },
  ],
});
const kind: Kind = {
  name: "Agreement",
  slug: "agreement",
  p: "processes",
  label: "Agreement",
  plural: "Agreements",
  fields: [
    field("customer", { type: "ref", refs: ["customer"] }),
    field("signed", { type: "boolean" }),
    field("services", { type: "list", item: field("", { type: "ref", refs: ["service"] }) }),
    field("targets", { type: "list", item: field("", { type: "record", fields: [field("name"), metric] }) }),
    field("requires", { type: "list", item: field("", { type: "dependency", refs: ["component", "service"] }) }),
  ],
};
const schema: Schema = { kinds: [kind], metadata: [field("name"), field("title", { type: "localtext" })] };

/** What is offered where "|" stands. */
function at(marked: string) {
  const cursor = marked.indexOf("|");
  return completionAt(marked.replace("|", ""), cursor, kind, schema, "fr");
}
const labels = (marked: string) => at(marked)?.choices.map((choice) => choice.label);

const head = "apiVersion: diapason/v1\nkind: Agreement\nmetadata:\n  name: x\n";

describe("what fits where the cursor stands", () => {
  test.each([
    ["the top of a document lacks what it has not yet", `${head}s|`, ["spec"]],
    ["the identity has its own fields", "kind: Agreement\nmetadata:\n  |", ["name", "title"]],
    ["a field that stands is not offered again", "metadata:\n  name: x\n  |", ["title"]],
    ["the languages of a text", `metadata:\n  title:\n    |`, ["en", "fr"]],
    ["the fields of the kind", `${head}spec:\n  si|`, ["signed"]],
    ["the fields of a record in a list", `${head}spec:\n  targets:\n    - |`, ["name", "metric"]],
    ["beside those the item has", `${head}spec:\n  targets:\n    - name: a\n      |`, ["metric"]],
    ["where the dashes stand under the key itself", `${head}spec:\n  targets:\n  - name: a\n    |`, ["metric"]],
    ["another item begins anew", `${head}spec:\n  targets:\n    - name: a\n    - |`, ["name", "metric"]],
    [
      "the values of a closed list",
      `${head}spec:\n  targets:\n    - metric: |`,
      ["availability", "time-to-restore"],
    ],
    ["found by their label without accents", `${head}spec:\n  targets:\n    - metric: retab|`, ["time-to-restore"]],
    ["a yes or no", `${head}spec:\n  signed: |`, ["true", "false"]],
    ["a dependency in its long form", `${head}spec:\n  requires:\n    - any|`, ["anyOf"]],
    ["and what stands inside it", `${head}spec:\n  requires:\n    - anyOf:\n        - take|`, ["takeover"]],
  ])("%s", (_name, marked, expected) => {
    expect(labels(marked)).toEqual(expected);
  });

  test.each([
    ["after a field that refers", `${head}spec:\n  customer: cli|`, ["customer"], "cli"],
    ["in an item of a list of references", `${head}spec:\n  services:\n    - pay|`, ["service"], "pay"],
    ["in a list written on one line", `${head}spec:\n  services: [payroll, ma|`, ["service"], "ma"],
    ["in a dependency", `${head}spec:\n  requires:\n    - |`, ["component", "service"], ""],
  ])("references are looked up %s", (_name, marked, refs, word) => {
    expect(at(marked)).toMatchObject({ refs, word });
  });

  test("nothing is offered where the schema knows nothing", () => {
    expect(at(`${head}spec:\n  nonsense:\n    |`)).toBeNull();
    expect(at(`${head}spec:\n  targets:\n    - name: |`)).toBeNull();
  });

  test("a choice opens the block that its field needs", () => {
    expect(at(`${head}spec:\n  tar|`)?.choices[0]?.insert).toBe("targets:\n    - ");
    expect(at(`${head}spec:\n  sig|`)?.choices[0]?.insert).toBe("signed: ");
  });

  test("another document in the same text is another place", () => {
    expect(pathAt(["spec:", "  targets:", "---", "kind: X", "k"], 4, 0)).toEqual([]);
  });
});
