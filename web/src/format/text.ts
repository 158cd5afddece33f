import type { Language, LocalText } from "../api/types";

/** The text in the reader's language, else in the other one, else empty. */
export function localText(text: LocalText, language: string): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  const wanted: Language = language.startsWith("fr") ? "fr" : "en";
  const other: Language = wanted === "fr" ? "en" : "fr";
  return text[wanted] || text[other] || "";
}

/** Both languages of a text, for a search that works whatever the current one. */
export function bothTexts(text: LocalText): string[] {
  if (!text) return [];
  if (typeof text === "string") return [text];
  return [text.en, text.fr].filter((each): each is string => Boolean(each));
}

/** Letters alone, in lower case and without accents: "Dépôt" matches "depot". */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}

/** A slug for a new object's name: "Dossier patient" → "dossier-patient". */
export function slug(text: string): string {
  return fold(text)
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

/** Splits "kind/name"; the kind is empty for a bare name. */
export function splitRef(ref: string): { kind: string; name: string } {
  const slash = ref.indexOf("/");
  return slash < 0 ? { kind: "", name: ref } : { kind: ref.slice(0, slash), name: ref.slice(slash + 1) };
}

const NO_BREAK = "\u00a0";

/**
 * A sentence of the server as it is set on a page: French punctuation keeps to
 * its word, and computed percentages lose the decimals that tell nothing.
 */
export function typeset(text: string, language: string): string {
  const short = text.replace(/(\d{1,3})([.,])(\d{5,})(?=\s?%)/g, (_all, whole: string, point: string, decimals: string) => {
    const cut = tellingDecimals(Number(`${whole}.${decimals}`));
    return `${whole}${point}${decimals.slice(0, cut)}`;
  });
  if (!language.startsWith("fr")) return short;
  return short.replace(/ (?=[?!;:»%](?:\s|[.,)]|$))/g, NO_BREAK).replace(/« /g, `«${NO_BREAK}`);
}

/**
 * How many decimals of a percentage tell something: its distance to 100 % to
 * three significant figures, cut and not rounded, so that a figure below a
 * promise never reads as the promise itself.
 */
function tellingDecimals(percent: number): number {
  const missing = 100 - percent;
  if (!(missing > 0)) return 2;
  return Math.min(12, Math.max(2, 2 - Math.floor(Math.log10(missing))));
}
