import type { Field } from "../api/types";
import { localText } from "./text";
import {
  formatDate,
  formatDuration,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
} from "./format";

/** A stored scalar as people read it, by the type that the schema gives its field; instants on the clock of the zone, else of the reader. */
export function formatScalar(
  value: unknown,
  field: Pick<Field, "type" | "enum"> | undefined,
  language: string,
  dates: "long" | "short" = "long",
  zone?: string,
): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return language.startsWith("fr") ? (value ? "oui" : "non") : value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value, language, 6);
  if (typeof value === "object") {
    if (Array.isArray(value))
      return value
        .map((each) => formatScalar(each, undefined, language))
        .filter(Boolean)
        .join(", ");
    if ("en" in value || "fr" in value) return localText(value as { en?: string; fr?: string }, language);
    return Object.values(value)
      .map((each) => formatScalar(each, undefined, language))
      .filter(Boolean)
      .join(" · ");
  }
  const text = String(value);
  switch (field?.type) {
    case "availability":
      return formatPercent(telling(text), language);
    case "percent":
      return formatPercent(rounded(text), language);
    case "duration":
    case "period":
      return formatDuration(text, language);
    case "money":
      return formatMoney(text, language);
    case "quantity":
      return formatQuantity(text, language);
    case "date":
      return formatDate(text, language, dates);
    case "datetime":
      return formatInstant(text, language, zone);
    case "enum": {
      const choice = field.enum?.find((each) => each.value === text);
      return choice ? localText(choice.label, language) || text : text;
    }
    default:
      return guess(text, language);
  }
}

/** A share with at most two decimals: computed ones carry digits that mean nothing. */
function rounded(text: string): string {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) && /%\s*$/.test(text) ? `${Math.round(value * 100) / 100}%` : text;
}

/** The most decimals of an availability that people are shown as they stand. */
const PLAIN_DECIMALS = 4;

/**
 * A computed availability with the digits that tell something: its
 * unavailability to two significant figures. What people typed stays whole.
 */
function telling(text: string): string {
  const match = /^\s*(\d+)\.(\d+)\s*%\s*$/.exec(text);
  if (!match?.[2] || match[2].length <= PLAIN_DECIMALS) return text;
  const value = Number.parseFloat(text);
  const missing = 100 - value;
  if (!(missing > 0)) return text;
  const decimals = Math.min(10, Math.max(2, 1 - Math.floor(Math.log10(missing))));
  return `${value.toFixed(decimals)}%`;
}

/** Formats a text by its form alone, for places where the schema is not at hand. */
function guess(text: string, language: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return formatDate(text, language);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return formatInstant(text, language);
  if (/^-?\d+(\.\d+)?\s*%$/.test(text)) return formatPercent(telling(text), language);
  if (/^P[\dT]/.test(text)) return formatDuration(text, language);
  if (/^-?\d+(\.\d+)?\s[A-Z]{3}(\/(month|year))?$/.test(text)) return formatMoney(text, language);
  return text;
}
