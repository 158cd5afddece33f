import { describe, expect, test } from "vitest";
import {
  addDays,
  daysBetween,
  formatBytes,
  formatDate,
  formatDuration,
  formatInstant,
  formatMoney,
  formatPercent,
  formatQuantity,
} from "./format";
import { bothTexts, fold, localText, slug, splitRef, typeset } from "./text";
import { formatScalar } from "./value";

/** Browsers write several kinds of narrow and no-break space; people see one. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  test.each([
    ["a percentage keeps its digits and takes the comma in French", () => formatPercent("99.920%", "fr"), "99,920 %"],
    ["a percentage is written without space in English", () => formatPercent("99.92%", "en"), "99.92%"],
    ["what is no percentage stays as it is", () => formatPercent("often", "fr"), "often"],
    ["hours and minutes read 4 h 30 in French", () => formatDuration("PT4H30M", "fr"), "4 h 30"],
    ["single-digit minutes are padded in French", () => formatDuration("PT4H5M", "fr"), "4 h 05"],
    ["hours and minutes carry both units in English", () => formatDuration("PT4H30M", "en"), "4 h 30 min"],
    ["a period reads in months", () => formatDuration("P3M", "fr"), "3 mois"],
    ["one year is singular", () => formatDuration("P1Y", "en"), "1 year"],
    ["days are plural from two on", () => formatDuration("P2D", "fr"), "2 jours"],
    ["an empty duration is zero seconds", () => formatDuration("PT0S", "en"), "0 s"],
    ["what is no duration stays as it is", () => formatDuration("soon", "en"), "soon"],
    ["a bare P is no duration", () => formatDuration("P", "en"), "P"],
    ["money takes the sign of its currency", () => formatMoney("1200.50 EUR", "fr"), "1 200,50 €"],
    ["whole money shows no cents", () => formatMoney("1200 EUR", "fr"), "1 200 €"],
    ["money of a year says so in French", () => formatMoney("56000.00 EUR/year", "fr"), "56 000 € par an"],
    ["money of a month says so in English", () => formatMoney("1200.50 EUR/month", "en"), "€1,200.50 a month"],
    ["a quantity keeps its unit", () => formatQuantity("1200 req/s", "fr"), "1 200 req/s"],
    ["a date is written out", () => formatDate("2027-03-12", "fr"), "12 mars 2027"],
    ["the first of a month is 1er in French", () => formatDate("2027-03-01", "fr"), "1er mars 2027"],
    ["the first of a month is 1 in English", () => formatDate("2027-03-01", "en"), "1 March 2027"],
    [
      "an instant is shown in the zone of the agreement",
      () => formatInstant("2027-07-12T06:00:00Z", "fr", "Europe/Paris"),
      "12 juillet 2027 à 08:00",
    ],
    [
      "an instant in an unknown zone is still shown",
      () => formatInstant("2027-07-12T06:00:00Z", "en", "Nowhere/Land").slice(0, 12),
      "12 July 2027",
    ],
    ["sizes use decimal units", () => formatBytes(1_234_567, "fr"), "1,2 Mo"],
  ])("%s", (_name, actual, expected) => {
    expect(plain(actual())).toBe(expected);
  });

  test("days are counted across a clock change", () => {
    expect(daysBetween("2027-03-27", "2027-03-29")).toBe(2);
    expect(addDays("2027-03-27", 2)).toBe("2027-03-29");
    expect(daysBetween("2027-03-12", "2027-03-10")).toBe(-2);
  });
});

describe("texts", () => {
  test.each([
    ["the reader's language comes first", () => localText({ en: "Site", fr: "Lieu" }, "fr"), "Lieu"],
    ["the other language stands in", () => localText({ en: "Site" }, "fr"), "Site"],
    ["an absent text is empty", () => localText(null, "fr"), ""],
    ["a slug has no accents", () => slug("Dossier médical n° 2 : l'œuvre"), "dossier-medical-n-2-l-oeuvre"],
    ["a slug does not end in a hyphen", () => slug("Été !"), "ete"],
    ["folding ignores accents and case", () => fold("Dépôt"), "depot"],
    ["a reference splits into kind and name", () => splitRef("service/x").kind, "service"],
    [
      "a computed availability keeps three figures of what is missing, cut",
      () => typeset("99,88416 % et 99,9499931 %", "fr").replaceAll("\u00a0", " "),
      "99,884 % et 99,9499 %",
    ],
    ["a percentage with few decimals stays whole", () => typeset("It gives 99.8842% of it.", "en"), "It gives 99.8842% of it."],
    ["French punctuation keeps to its word", () => typeset("« Est-ce tout ? »", "fr"), "«\u00a0Est-ce tout\u00a0?\u00a0»"],
    ["a bare name has no kind", () => splitRef("x").kind, ""],
  ])("%s", (_name, actual, expected) => {
    expect(actual()).toBe(expected);
  });

  test("both languages of a text are searched", () => {
    expect(bothTexts({ en: "Site", fr: "Lieu" })).toEqual(["Site", "Lieu"]);
    expect(bothTexts("Site")).toEqual(["Site"]);
  });
});

describe("values by their type", () => {
  test.each([
    [
      "an enumerated value shows its label",
      { type: "enum" as const, enum: [{ value: "sla", label: { en: "SLA", fr: "Accord" } }] },
      "sla",
      "Accord",
    ],
    ["an unknown choice shows as it is", { type: "enum" as const, enum: [] }, "new", "new"],
    ["a duration is formatted", { type: "duration" as const }, "PT4H", "4 h"],
    [
      "a computed availability keeps the digits that tell",
      { type: "availability" as const },
      "99.9927986664%",
      "99,9928 %",
    ],
    ["a typed availability stays whole", { type: "availability" as const }, "99.9950%", "99,9950 %"],
    ["a computed share is rounded", { type: "percent" as const }, "37.2727272727%", "37,27 %"],
    ["a truth is a word", { type: "boolean" as const }, true, "oui"],
    ["a list is joined", undefined, ["a", "b"], "a, b"],
    ["a local text is read in French", undefined, { en: "Site", fr: "Lieu" }, "Lieu"],
    ["a date without schema is recognised", undefined, "2027-03-12", "12 mars 2027"],
    ["nothing is nothing", undefined, undefined, ""],
  ])("%s", (_name, field, value, expected) => {
    expect(plain(formatScalar(value, field, "fr"))).toBe(expected);
  });
});

test("a stored instant is shown on the clock of the zone, wherever the reader is", () => {
  const at = (zone: string) => formatScalar("2027-07-12T06:00:00Z", { type: "datetime" }, "en", "long", zone);
  expect(at("Europe/Paris")).toContain("08:00");
  expect(at("Indian/Reunion")).toContain("10:00");
});
