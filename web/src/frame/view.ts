import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** What the reader looks at: a day, an entry of the log, a draft laid over the model. */
export interface View {
  on?: string;
  seq?: number;
  draft?: string;
}

export interface ViewSearch extends View {
  lang?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the view from the address; anything malformed is left out. */
export function readView(search: Record<string, unknown>): ViewSearch {
  const view: ViewSearch = {};
  if (typeof search.on === "string" && DAY.test(search.on)) view.on = search.on;
  const seq = Number(search.seq);
  if (search.seq !== undefined && Number.isInteger(seq) && seq >= 0) view.seq = seq;
  if (typeof search.draft === "string" && search.draft !== "") view.draft = search.draft;
  else if (typeof search.draft === "number") view.draft = String(search.draft);
  if (typeof search.lang === "string") view.lang = search.lang;
  return view;
}

export function useView(): View {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const { on, seq, draft } = readView(search);
  return { on, seq, draft };
}

/** Returns a function that changes the view and stays on the page. */
export function useSetView() {
  const navigate = useNavigate();
  return useCallback(
    (change: View) =>
      navigate({
        to: ".",
        resetScroll: false,
        search: ((before: Record<string, unknown>) => ({ ...before, ...change })) as never,
      }),
    [navigate],
  );
}
