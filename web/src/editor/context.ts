import { createContext, useContext } from "react";
import type { FieldError } from "../api/client";
import type { Finding, Language, Ref } from "../api/types";

/** What the fields of one form share. */
export interface EditorContextValue {
  languages: Language[];
  errors: FieldError[];
  findings: Finding[];
  /** Titles of the objects made in the side panel and not saved yet. */
  pending: Record<Ref, string>;
  /** Opens the side panel to make an object; the callback receives its reference. */
  create?: (kind: string, title: string, made: (ref: Ref) => void) => void;
  /** The pointer that the reader was sent to. */
  at?: string;
  readOnly: boolean;
}

export const EditorContext = createContext<EditorContextValue>({
  languages: ["en", "fr"],
  errors: [],
  findings: [],
  pending: {},
  readOnly: false,
});

export const useEditorContext = () => useContext(EditorContext);

/** Whether an error's place is this field: the server may put the way to the document in front. */
export function concerns(place: string | undefined, pointer: string): boolean {
  if (!place) return false;
  const plain = place.replace(/\[(\w+)\]/g, "/$1").replace(/\./g, "/");
  const normal = plain.startsWith("/") ? plain : `/${plain}`;
  return normal === pointer || normal.endsWith(pointer);
}

/** What the server says about one field: an error that refuses it, or findings that rest on it. */
export function useFieldNotes(pointer: string): { error?: string; findings: Finding[] } {
  const { errors, findings } = useEditorContext();
  const error = errors.find((each) => concerns(each.field, pointer));
  return {
    error: error ? [error.message, error.hint].filter(Boolean).join(" ") : undefined,
    findings: findings.filter((finding) => finding.pointer === pointer),
  };
}
