import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useRefresh } from "../api/queries";
import type { Document, Draft, LocalText, Ref } from "../api/types";
import { localText, splitRef } from "../format/text";
import { useSetView, useView } from "../frame/view";

/** What a draft does to something on the map. */
export type Drafted = "new" | "changed" | "removed";

/** What a map says of drawing on it. */
export interface Drawable {
  nodes: { ref: Ref; title: LocalText; kind: string; drafted?: Drafted }[];
  edges: { from: Ref; to: Ref; type: string; drafted?: Drafted }[];
  draft?: { singles: number; singlesBefore: number };
  draw?: boolean;
}

export const ACTS = ["need", "alternative", "replica", "move", "release", "remove"] as const;
export type Act = (typeof ACTS)[number];

/** The kinds that can require something, and those that can be required. */
export const REQUIRING = ["service", "component", "site", "tool", "team"];
export const REQUIRED = ["service", "component", "site", "supplier", "team", "person", "tool", "data-asset"];
const PLACED = ["component", "person"];

/** What can be drawn from an object of a kind that needs so many others. */
export function actsOn(kind: string, needs: number): Act[] {
  return ACTS.filter((act) => {
    switch (act) {
      case "need":
        return REQUIRING.includes(kind) || REQUIRED.includes(kind);
      case "alternative":
        return REQUIRED.includes(kind);
      case "replica":
        return kind === "component";
      case "move":
        return PLACED.includes(kind);
      case "release":
        return needs > 0;
      default:
        return true;
    }
  });
}

/** The kinds that the other end of a gesture may be of; from turns a dependency around. */
export function endsOf(act: Act, kind: string, from: boolean): string[] {
  switch (act) {
    case "need":
      if (from) return kind === "person" ? REQUIRING : REQUIRING.filter((each) => each !== "team");
      return kind === "team" ? ["person"] : REQUIRED;
    case "alternative":
      return REQUIRED;
    default:
      return ["site"];
  }
}

export interface Gesture {
  act: Act;
  of: Ref;
  to?: Ref;
  release?: boolean;
}

interface Said {
  deleted?: boolean;
  document?: Document;
}
interface Step {
  ref: Ref;
  before: Said;
  after: Said;
}
interface Done {
  what: string;
  steps: Step[];
}

/** What was drawn into each draft since the page was opened, the latest last: it can be undone. */
const done = new Map<string, Done[]>();
const listeners = new Set<() => void>();
const NOTHING: Done[] = [];

function keep(draft: string, list: Done[]) {
  done.set(draft, list);
  for (const tell of listeners) tell();
}

function useDone(draft: string | undefined): Done[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => (draft === undefined ? NOTHING : (done.get(draft) ?? NOTHING)),
  );
}

export interface Form {
  act: Act;
  of: Ref;
  to?: Ref;
  /** The dependency leads the other way: the other end needs the chosen object. */
  from: boolean;
  release: boolean;
}

/** Drawing on a map: the gesture being made, what was made, and the way back. */
export interface Drawing {
  graph: Drawable;
  form: Form | null;
  begin: (act: Act, of: Ref) => void;
  change: (change: Partial<Form>) => void;
  leave: () => void;
  /** Takes what was clicked as the other end of the gesture; false where none is asked for. */
  pick: (ref: Ref | null) => boolean;
  draw: () => void;
  undo: () => void;
  /** What undoing would take back; empty for nothing. */
  last: string;
  /** What was done last, for the reader to be told. */
  said: string;
  busy: boolean;
  failure: unknown;
  titleOf: (ref: Ref) => string;
}

export function useDrawing(graph: Drawable): Drawing {
  const { t, i18n } = useTranslation();
  const view = useView();
  const setView = useSetView();
  const refresh = useRefresh();
  const client = useQueryClient();
  const [form, setForm] = useState<Form | null>(null);
  const [said, setSaid] = useState("");
  const history = useDone(view.draft);
  const last = history[history.length - 1];
  const titles = useMemo(
    () => new Map(graph.nodes.map((node) => [node.ref, localText(node.title, i18n.language)])),
    [graph.nodes, i18n.language],
  );
  const titleOf = useCallback(
    (ref: Ref) => {
      if (titles.get(ref)) return titles.get(ref)!;
      // The other end may lie outside the map: whoever typed its name has read it.
      for (const [, data] of client.getQueriesData<{ items?: { ref: Ref; title: LocalText }[] }>({ queryKey: ["api", i18n.language, "/objects"] })) {
        const found = data?.items?.find((each) => each.ref === ref);
        if (found) return localText(found.title, i18n.language) || splitRef(ref).name;
      }
      return splitRef(ref).name;
    },
    [titles, client, i18n.language],
  );
  const drawing = useMutation({
    mutationFn: async ({ gesture, what }: { gesture: Gesture; what: string }) => {
      const answer = await api.post<{ draft: Draft; steps: Step[] }>("/drawings", {
        ...gesture,
        ...(view.draft ? { draft: view.draft } : { title: t("draw.draftTitle", { what }) }),
      });
      return { ...answer, what };
    },
    onSuccess: async ({ draft, steps, what }) => {
      const id = String(draft.id);
      keep(id, [...(done.get(id) ?? []), { what, steps }]);
      setForm(null);
      if (view.draft !== id) await setView({ draft: id });
      await refresh();
      setSaid(t("draw.done", { what }));
    },
  });
  const undoing = useMutation({
    mutationFn: (step: Done) => api.post<Draft>(`/drafts/${view.draft}/undo`, { steps: step.steps }),
    onSuccess: async (_draft, step) => {
      if (view.draft) keep(view.draft, (done.get(view.draft) ?? []).filter((each) => each !== step));
      await refresh();
      setSaid(t("draw.undone", { what: step.what }));
    },
  });
  return {
    graph,
    form,
    begin: (act, of) => {
      drawing.reset();
      setSaid("");
      setForm({ act, of, from: !REQUIRING.includes(splitRef(of).kind), release: false });
    },
    change: (change) => {
      drawing.reset();
      setForm((before) => before && { ...before, ...change });
    },
    leave: () => setForm(null),
    pick: (ref) => {
      if (!form || form.act === "release" || form.act === "remove") return false;
      // What cannot be the other end, and a click beside the objects, leave the gesture as it is.
      if (ref === null || ref === form.of || !endsOf(form.act, splitRef(form.of).kind, form.from).includes(splitRef(ref).kind)) return true;
      drawing.reset();
      setForm({ ...form, to: ref });
      return true;
    },
    draw: () => {
      if (!form) return;
      const { act, of, to, from, release } = form;
      const [start, end] = act === "need" && from && to ? [to, of] : [of, to];
      const gesture: Gesture = { act, of: start, ...(end ? { to: end } : {}), ...(act === "remove" && release ? { release } : {}) };
      const what = t(`draw.what.${act}`, { of: titleOf(start), to: end ? titleOf(end) : "" });
      drawing.mutate({ gesture, what });
    },
    undo: () => last && undoing.mutate(last),
    last: last?.what ?? "",
    said,
    busy: drawing.isPending || undoing.isPending,
    failure: drawing.error ?? undoing.error,
    titleOf,
  };
}
