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
