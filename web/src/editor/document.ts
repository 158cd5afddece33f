import type { Document, Field, Kind } from "../api/types";

/**
 * Documents as plain values, changed by JSON pointer without touching the
 * original. A pointer's segment into a list is a position, or the unique name
 * of an item ("/spec/targets/availability/value").
 */

export function segments(pointer: string): string[] {
  if (pointer === "" || pointer === "/") return [];
  return pointer
    .replace(/^\//, "")
    .split("/")
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}

export function join(pointer: string, part: string | number): string {
  return `${pointer}/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`;
}

function position(list: unknown[], part: string): number {
  if (/^\d+$/.test(part)) return Number(part);
  return list.findIndex(
    (item) => typeof item === "object" && item !== null && (item as { name?: string }).name === part,
  );
}

/** The value at a pointer; undefined when nothing is there. */
export function valueAt(root: unknown, pointer: string): unknown {
  let here = root;
  for (const part of segments(pointer)) {
    if (Array.isArray(here)) here = here[position(here, part)];
    else if (typeof here === "object" && here !== null) here = (here as Record<string, unknown>)[part];
    else return undefined;
  }
  return here;
}

/** A copy of the root with the value at a pointer replaced; undefined removes it. */
export function withValue<T>(root: T, pointer: string, value: unknown): T {
  return replace(root, segments(pointer), value) as T;
}

function replace(here: unknown, parts: string[], value: unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(here)) {
    const at = position(here, part);
    if (at < 0) return rest.length === 0 && value !== undefined ? [...here, value] : here;
    const next = replace(here[at], rest, value);
    if (next === undefined) return here.filter((_, index) => index !== at);
    const copy = [...here];
    copy[at] = next;
    return copy;
  }
  const record = typeof here === "object" && here !== null ? (here as Record<string, unknown>) : {};
  const next = replace(record[part], rest, value);
  if (next === undefined) {
    const { [part]: _removed, ...others } = record;
    return others;
  }
  return { ...record, [part]: next };
}

/** A list with one item moved by a step; unchanged when it would leave the list. */
export function moved<T>(list: T[], from: number, step: number): T[] {
  const to = from + step;
  if (from < 0 || from >= list.length || to < 0 || to >= list.length) return list;
  const copy = [...list];
  const [item] = copy.splice(from, 1);
  copy.splice(to, 0, item as T);
  return copy;
}

/** Whether a value says nothing: absent, empty text, empty list, or a record of such. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") return Object.values(value).every(isEmpty);
  return false;
}

/** A copy without empty records, lists and texts; items of lists stay even when empty. */
export function pruned<T>(value: T): T {
  return (prune(value) ?? value) as T;
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value
      .map((item) => (typeof item === "object" && item !== null ? (prune(item) ?? {}) : item))
      .filter((item) => item !== "" && item !== null && item !== undefined);
    return list.length > 0 ? list : undefined;
  }
  if (typeof value === "object" && value !== null) {
    const kept: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) {
      const next = prune(each);
      if (next !== undefined) kept[key] = next;
    }
    return Object.keys(kept).length > 0 ? kept : undefined;
  }
  return value === "" || value === null ? undefined : value;
}

/** What is sent: empty parts left out, `metadata` and `spec` always there. */
export function outgoing(document: Document): Document {
  return {
    apiVersion: document.apiVersion,
    kind: document.kind,
    metadata: { ...pruned(document.metadata), name: document.metadata.name },
    spec: isEmpty(document.spec) ? {} : pruned(document.spec),
  };
}

/** A new document of a kind, with nothing in it yet. */
export function newDocument(kind: Kind, title?: string): Document {
  return {
    apiVersion: "diapason/v1",
    kind: kind.name,
    metadata: { name: "", ...(title ? { title: { en: title, fr: title } } : {}) },
    spec: {},
  };
}

/** The value that a new item of a list begins with. */
export function firstValue(item: Field): unknown {
  switch (item.type) {
    case "record":
      return {};
    case "localtext":
      return {};
    case "list":
      return [];
    case "boolean":
      return false;
    default:
      return "";
  }
}

/** One line that stands for a folded item: its name or title, then its first plain values. */
export function summaryOf(value: unknown, fields: Field[], show: (value: unknown, field: Field) => string): string {
  if (typeof value !== "object" || value === null) return "";
  const record = value as Record<string, unknown>;
  const words: string[] = [];
  const ordered = [...fields].sort((a, b) => rank(a) - rank(b));
  for (const field of ordered) {
    if (["list", "record", "dependency", "boolean"].includes(field.type)) continue;
    const text = show(record[field.name], field);
    if (text) words.push(text);
    if (words.length === 4) break;
  }
  return words.join(" · ");
}

function rank(field: Field): number {
  if (field.name === "title") return 0;
  if (field.name === "name") return 1;
  return 2;
}
