import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Query } from "../../api/client";
import type { Objective, ObjectiveList } from "./objectives";

/** How many rows are read at once: what a screen shows, and some more. */
const CHUNK = 50;

/** The objectives that filters select, read in chunks as they come into sight. */
export function useObjectiveRows(asked: Query) {
  const { i18n } = useTranslation();
  const [chunks, setChunks] = useState<number[]>([0]);
  const path = "/service-levels/objectives";
  const read = (chunk: number) => {
    const query = { ...asked, limit: CHUNK, cursor: chunk > 0 ? String(chunk * CHUNK) : undefined };
    return {
      queryKey: ["api", i18n.language, path, query],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.get<ObjectiveList>(path, query, signal),
    };
  };
  const first = useQuery({ ...read(0), placeholderData: keepPreviousData });
  const more = chunks.filter((chunk) => chunk > 0);
  const loaded = useQueries({ queries: more.map(read) });
  const by = new Map<number, ObjectiveList | undefined>([[0, first.data], ...more.map((chunk, n) => [chunk, loaded[n]?.data] as const)]);
  const at = (index: number): Objective | undefined => by.get(Math.floor(index / CHUNK))?.items[index % CHUNK];
  const show = useCallback((from: number, to: number) => {
    const wanted: number[] = [];
    for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < Math.max(to, 1); chunk++) wanted.push(chunk);
    setChunks((now) => (now.join() === wanted.join() ? now : wanted));
  }, []);
  return { first, at, show };
}
