import type { Field, Kind, Language, LocalText, Schema } from "../api/types";
import { fold, localText } from "../format/text";

/** What fits at a place of a document written as YAML. */
export interface Completion {
  /** The word that a choice replaces, by offsets in the text. */
  from: number;
  to: number;
  word: string;
  choices: Choice[];
  /** References fit here too: kinds that may be referred to, empty for any. */
  refs?: string[];
}

export interface Choice {
  /** What is written in the document. */
  insert: string;
  label: string;
  /** What it means, in the reader's language. */
  detail?: string;
}

/** A place in a document: the names of what holds it, "*" for an item of a list. */
type Path = string[];

interface Line {
  indent: number;
  /** Columns of the dashes that open items of lists. */
  dashes: number[];
  /** Column of the key or of the text. */
  column: number;
  key?: string;
  value: string;
}

function read(text: string): Line | null {
  const match = /^(\s*)((?:-\s+|-$)*)(.*)$/.exec(text);
  if (!match) return null;
  const [, space = "", dashes = "", rest = ""] = match;
  if (rest.startsWith("#") || (rest === "" && dashes === "")) return null;
  const columns: number[] = [];
  for (let at = 0; at < dashes.length; at++) if (dashes[at] === "-") columns.push(space.length + at);
  const key = /^"?([\w./-]+)"?\s*:(?:\s+(.*))?$/.exec(rest);
  return {
    indent: space.length,
    dashes: columns,
    column: space.length + dashes.length,
    key: key?.[1],
    value: (key ? (key[2] ?? "") : rest).trim(),
  };
}

/** What holds the block at a column of a row, found by walking up to what is indented less. */
export function pathAt(lines: string[], row: number, column: number): Path {
  const path: Path = [];
  let limit = column;
  let equal = false; // the key of a list may stand in the column of its dashes
  const items = (dashes: number[]) => {
    for (const dash of [...dashes].reverse()) {
      if (dash >= limit) continue;
      path.unshift("*");
      limit = dash;
      equal = true;
    }
  };
  const own = /^(\s*)((?:-\s+|-$)*)/.exec(lines[row] ?? "");
  if (own) items([...(own[2] ?? "")].flatMap((sign, at) => (sign === "-" ? [(own[1] ?? "").length + at] : [])));
  for (let at = row - 1; at >= 0 && (limit > 0 || equal); at--) {
    const text = lines[at] ?? "";
    if (text.startsWith("---")) break;
    const line = read(text);
    if (!line) continue;
    const holds = line.column < limit || (equal && line.column === limit);
    if (line.key && holds && line.value === "") {
      path.unshift(line.key);
      limit = line.column;
      equal = false;
    }
    items(line.dashes);
  }
  return path;
}

const LANGUAGES: Field[] = (["en", "fr"] as Language[]).map((name) => ({
  name,
  label: name === "en" ? { en: "English", fr: "Anglais" } : { en: "French", fr: "Français" },
  type: "text",
}));

/** The parts of a dependency that is more than a reference. */
function dependencyFields(of: Field): Field[] {
  const label = (en: string, fr: string): LocalText => ({ en, fr });
  const members: Field = { ...of, type: "dependency" };
  return [
    { name: "on", label: label("What it rests on", "Ce sur quoi il repose"), type: "ref", refs: of.refs },
    {
      name: "for",
      label: label("During", "Pendant"),
      type: "list",
      item: {
        name: "",
        label: "",
        type: "enum",
        enum: [
          { value: "run", label: label("While it runs", "En fonctionnement") },
          { value: "start", label: label("When it starts", "Au démarrage") },
        ],
      },
    },
    { name: "anyOf", label: label("Any one of", "L'un quelconque de"), type: "list", item: members },
    { name: "atLeast", label: label("At least so many of", "Au moins tant de"), type: "integer" },
    { name: "of", label: label("These", "Ceux-ci"), type: "list", item: members },
    { name: "takeover", label: label("Takeover within", "Reprise sous"), type: "duration" },
  ];
}

function childrenOf(field: Field): Field[] {
  if (field.type === "localtext" || field.type === "markdown") return LANGUAGES;
  if (field.type === "dependency") return dependencyFields(field);
  return field.fields ?? [];
}

/** The description of the field at a path; null where the schema knows none. */
export function fieldAt(path: Path, kind: Kind, schema: Schema): Field | null {
  let here: Field = {
    name: "",
    label: "",
    type: "record",
    fields: [
      { name: "apiVersion", label: { en: "Format", fr: "Format" }, type: "text" },
      { name: "kind", label: { en: "Kind", fr: "Type d'objet" }, type: "text" },
      { name: "metadata", label: { en: "Identity", fr: "Identité" }, type: "record", fields: schema.metadata ?? [] },
      { name: "spec", label: { en: "What it says", fr: "Ce qu'il dit" }, type: "record", fields: kind.fields },
    ],
  };
  for (const part of path) {
    const next: Field | null | undefined =
      part === "*" ? here.item : childrenOf(here).find((field) => field.name === part);
    if (!next) return null;
    here = next;
  }
  return here;
}

function valuesOf(field: Field, language: string): { choices: Choice[]; refs?: string[] } {
  if (field.type === "enum" || field.enum?.length)
    return {
      choices: (field.enum ?? []).map((each) => ({
        insert: each.value,
        label: each.value,
        detail: localText(each.label, language),
      })),
    };
  if (field.type === "boolean") return { choices: ["true", "false"].map((value) => ({ insert: value, label: value })) };
  if (field.type === "ref" || field.type === "dependency")
    return { choices: [], refs: (field.refs ?? []).filter((kind) => kind !== "*") };
  return { choices: [] };
}

/** What is written after the name of a field: its value on the same line, or a block below. */
function opening(field: Field, column: number): string {
  const below = `\n${" ".repeat(column + 2)}`;
  if (field.type === "list") return `${field.name}:${below}- `;
  if (field.type === "record" || field.type === "localtext") return `${field.name}:${below}`;
  return `${field.name}: `;
}

/** The keys that the block of a place has already. */
function keysBeside(lines: string[], row: number, column: number, path: Path): Set<string> {
  const used = new Set<string>();
  const same = path.join("/");
  const look = (at: number): boolean => {
    const line = read(lines[at] ?? "");
    if (!line) return true;
    if (line.column < column) return false;
    if (line.column === column && line.key && pathAt(lines, at, column).join("/") === same)
      used.add(line.key);
    // Another item of the list begins another block.
    return !(line.dashes.length > 0 && line.column === column);
  };
  // A row that opens an item has nothing of its block above it.
  const opens = /^\s*-(\s|$)/.test(lines[row] ?? "");
  if (!opens) for (let at = row - 1; at >= 0 && look(at); at--);
  for (let at = row + 1; at < lines.length; at++) {
    const line = read(lines[at] ?? "");
    if (line && line.column === column && line.dashes.length > 0) break;
    if (!look(at)) break;
  }
  return used;
}

const fits = (word: string, choice: Choice) =>
  word === "" || fold(choice.label).includes(fold(word)) || fold(choice.detail ?? "").includes(fold(word));

/** What fits where the cursor stands; null where nothing is known. */
export function completionAt(
  text: string,
  cursor: number,
  kind: Kind,
  schema: Schema,
  language: string,
): Completion | null {
  const before = text.slice(0, cursor);
  const lines = text.split("\n");
  const row = before.split("\n").length - 1;
  const head = before.slice(before.lastIndexOf("\n") + 1);
  const value = /^(\s*(?:-\s+)*)"?([\w./-]+)"?\s*:\s+(?:\[(?:[^\]]*,)?\s*)?([^\s[\],{}]*)$/.exec(head);
  if (value) {
    const [, lead = "", key = "", word = ""] = value;
    const field = fieldAt([...pathAt(lines, row, lead.length), key], kind, schema);
    if (!field) return null;
    const one = field.type === "list" ? field.item : field;
    return one ? offered(valuesOf(one, language), cursor, word) : null;
  }
  const start = /^(\s*(?:-\s+)*)([\w./-]*)$/.exec(head);
  if (!start) return null;
  const [, lead = "", word = ""] = start;
  const path = pathAt(lines, row, lead.length);
  const holder = fieldAt(path, kind, schema);
  if (!holder) return null;
  // An item of a list is a value, a record, or, for dependencies, either.
  const item = lead.includes("-");
  const found = item ? valuesOf(holder, language) : { choices: [] };
  const used = keysBeside(lines, row, lead.length, path);
  const keys = childrenOf(holder)
    .filter((field) => !used.has(field.name))
    .map((field) => ({
      insert: opening(field, lead.length),
      label: field.name,
      detail: localText(field.label, language),
    }));
  return offered({ ...found, choices: [...found.choices, ...keys] }, cursor, word);
}

function offered(found: { choices: Choice[]; refs?: string[] }, cursor: number, word: string): Completion | null {
  const choices = found.choices.filter((choice) => fits(word, choice));
  if (choices.length === 1 && choices[0]?.insert === word && !found.refs) return null;
  if (choices.length === 0 && !found.refs) return null;
  return { from: cursor - word.length, to: cursor, word, choices, refs: found.refs };
}
