import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** Filters kept in the address, so that a list can be shared and Back works. */
export function useFilters(): [
  Record<string, string | undefined>,
  (change: Record<string, string | undefined>) => void,
] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = useCallback(
    (change: Record<string, string | undefined>) => {
      void navigate({
        to: ".",
        search: ((before: Record<string, string | undefined>) => {
          const next = { ...before, ...change };
          for (const key of Object.keys(next)) if (!next[key]) next[key] = undefined;
          return next;
        }) as never,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, set];
}
