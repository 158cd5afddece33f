import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { showHead } from "./queries";

/** Listens to the server's events: a new head refreshes what the page shows. */
export function useLiveHead(enabled: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled || typeof EventSource === "undefined") return;
    const source = new EventSource("/api/v1/events");
    const onHead = (event: MessageEvent<string>) => {
      let seq = 0;
      try {
        seq = Number((JSON.parse(event.data) as { seq?: number }).seq ?? 0);
      } catch {
        return;
      }
      if (seq <= Number(document.body.dataset.seq ?? 0)) return;
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "schema" }).then(() => showHead(seq));
    };
    source.addEventListener("head", onHead);
    return () => source.close();
  }, [client, enabled]);
}
