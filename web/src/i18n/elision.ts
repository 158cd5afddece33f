/**
 * French words run together with what follows them: "de" and "que" lose their vowel
 * before another, "de" and "à" merge with an article. Titles come from users, so that
 * what follows is known only when the sentence is filled. The rules are those of the
 * server, so that both say "d'Imagerie médicale", "de Routeur DICOM", "du Havre".
 */

/** Beginnings of words whose h, or first vowel, is not elided before. */
const ASPIRATED =
  "hach hack haie hain hall halo halt hamac hameau hand hangar hard harem haricot harnais hasard hash hauss haut havr heaume help hernie héro hériss hêtr heurt hibou hiérarch high hiss hit hockey holding hollan homard home hongr hook hors host hot houe houille housse hub huche huit hurl hutte onz oui ouist uhlan ululement".split(
    " ",
  );
/** What that list would take in, and that is elided before all the same. */
const MUTE = "héroï hôt hotel hérit hostil hospit huile huissier huître humid".split(" ");
const VOWELS = "aàâäæeéèêëiîïoôöœuùûü";

/** Whether "de" and "que" lose their vowel before a text; digits and codes (A3) keep it. */
function elides(text: string): boolean {
  const letters = [...(text.split(" ")[0] ?? "")];
  const first = letters[0];
  if (!first || !/\p{L}/u.test(first)) return false;
  if (letters.length > 1 && /\d/.test(letters[1]!)) return false;
  if (letters.length === 1 && first !== first.toLowerCase()) return false;
  const word = letters.join("").toLowerCase();
  const begins = (list: string[]) => list.some((each) => word.startsWith(each));
  const initial = first.toLowerCase();
  if (initial === "h") return !acronym(letters) && (begins(MUTE) || !begins(ASPIRATED));
  if (initial === "y") return letters.length > 1 && !VOWELS.includes(letters[1]!.toLowerCase()) && !acronym(letters);
  return VOWELS.includes(initial) && !begins(ASPIRATED);
}

/** A word in capitals throughout: HDS, I-041. */
function acronym(letters: string[]): boolean {
  if (letters.some((each) => /\p{Ll}/u.test(each))) return false;
  return letters.filter((each) => /\p{Lu}/u.test(each)).length > 1;
}

export type Joint = "de" | "que" | "à";
const MERGED: Record<Joint, { le?: string; les?: string; short?: string }> = {
  de: { le: "du", les: "des", short: "d'" },
  que: { short: "qu'" },
  à: { le: "au", les: "aux" },
};

/** The word and what follows it, as French runs them together. */
export function joined(word: Joint, text: string): string {
  const { le, les, short } = MERGED[word];
  const article = /^(le|les) (?=.)/i.exec(text);
  const merged = article && (article[1]!.toLowerCase() === "le" ? le : les);
  if (article && merged) return `${merged} ${text.slice(article[0].length)}`;
  return short && elides(text) ? `${short}${text}` : `${word} ${text}`;
}

/** The joints by the names that texts give them once prepared. */
export const JOINTS: Record<string, Joint> = { de: "de", que: "que", a: "à" };
const PLACE = /(?<![\p{L}'’])(de|que|à) \{\{(?!count\b)(\w+)\}\}/gu;

/** French texts with every joint before a value made part of it: "de {{title}}" becomes "{{title, de}}". */
export function prepared<T>(texts: T): T {
  if (typeof texts === "string")
    return texts.replace(PLACE, (_all, word: string, value: string) => `{{${value}, ${word === "à" ? "a" : word}}}`) as T;
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([key, each]) => [key, prepared(each)])) as T;
}
