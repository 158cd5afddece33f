import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { showHead } from "./queries";
import type { Session } from "./types";

/** The newest entry of the log that a session read from the server has told of. */
function sessionHead(client: QueryClient): number {
  const heads = client.getQueriesData<Session>({ queryKey: ["session"] }).map(([, session]) => session?.head ?? 0);
  return Math.max(0, ...heads);
}

/**
 * Follows the heads that the server tells of: each new one refreshes, once, all that
 * the page has read. What counts is the head for which that was last asked, not the
 * newest that any single read happens to show: the others may be older.
 */
export function follower(first: number, refresh: (seq: number) => void) {
  let asked = first;
  return (data: string) => {
    let seq = 0;
    try {
      seq = Number((JSON.parse(data) as { seq?: number }).seq ?? 0);
    } catch {
      return;
    }
    if (!(seq > asked)) return;
    asked = seq;
    refresh(seq);
  };
}

/** Listens to the server's events: a new head refreshes what the page shows. */
export function useLiveHead(enabled: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled || typeof EventSource === "undefined") return;
    const source = new EventSource("/api/v1/events");
    // The session was read before all else on the page: nothing shown is older than its head.
    const follow = follower(sessionHead(client), (seq) => {
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "schema" }).then(() => showHead(seq));
    });
    const onHead = (event: MessageEvent<string>) => follow(event.data);
    source.addEventListener("head", onHead);
    return () => source.close();
  }, [client, enabled]);
}
