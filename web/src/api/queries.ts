import { keepPreviousData, QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../frame/view";
import { api, Problem, type Query } from "./client";
import type { Kind, Schema, Session } from "./types";

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, failure) => !(failure instanceof Problem) && count < 2,
        refetchOnWindowFocus: false,
      },
    },
  });
}

interface KeepOptions {
  /** What was read last stays until the answer comes, whatever it was about. */
  keep?: boolean;
  /** It stays where the same was read in another view, such as a draft just opened. */
  steady?: boolean;
  /** It is read again after so many milliseconds, while the page is looked at. */
  every?: number;
}

/** Keeps what was read last where it was the same read in another view. */
function keepSame(language: string, path: string | null) {
  return <T>(before: T | undefined, query?: { queryKey: readonly unknown[] }): T | undefined =>
    query?.queryKey[1] === language && query.queryKey[2] === path ? before : undefined;
}

/** Reads one resource that does not depend on the view in time. */
export function useResource<T>(path: string | null, query?: Query, options: KeepOptions = {}) {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ["api", i18n.language, path, query ?? {}],
    queryFn: ({ signal }) => api.get<T>(path ?? "", query, signal),
    enabled: path !== null,
    refetchInterval: options.every,
    placeholderData: options.keep
      ? keepPreviousData
      : options.steady
        ? keepSame(i18n.language, path)
        : undefined,
  });
}

/** Reads one resource of the model as of the view that the address names. */
export function useModel<T>(path: string | null, query?: Query, options: KeepOptions = {}) {
  const view = useView();
  return useResource<T>(path, { ...query, on: view.on, seq: view.seq, draft: view.draft }, options);
}

export function useSession() {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ["session", i18n.language],
    queryFn: ({ signal }) => api.get<Session>("/session", undefined, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** The session of a page inside the frame, where one is always loaded. */
export function useKnownSession(): Session {
  const { data } = useSession();
  if (!data) throw new Error("no session loaded");
  return data;
}

export function useSchema() {
  const query = useQuery({
    queryKey: ["schema"],
    queryFn: ({ signal }) => api.get<Schema>("/schema", undefined, signal),
    staleTime: Infinity,
  });
  const bySlug = useMemo(() => {
    const index = new Map<string, Kind>();
    for (const kind of query.data?.kinds ?? []) {
      index.set(kind.slug, kind);
      index.set(kind.name, kind);
    }
    return index;
  }, [query.data]);
  return { ...query, kinds: query.data?.kinds ?? [], bySlug };
}

/** The head that the page shows, mirrored on the body for tests and readers of the page. */
export function showHead(seq: number) {
  const shown = Number(document.body.dataset.seq ?? 0);
  if (seq > shown) document.body.dataset.seq = String(seq);
}

/** Returns a function that refreshes every read after a change and then shows its seq. */
export function useRefresh() {
  const client = useQueryClient();
  return useCallback(
    async (seq?: number) => {
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "schema" });
      if (seq) showHead(seq);
    },
    [client],
  );
}
