import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import type { Assessment, Delete, Put, Ref } from "../api/types";
import { useView } from "../frame/view";

/** How long the typing pauses before the consequences are asked for, in milliseconds. */
export const PAUSE = 250;

/** What would change if this were saved: asked again whenever the document rests. */
export function useWhatIf(puts: Put[], deletes: Delete[], focus: Ref | undefined, enabled: boolean) {
  const { i18n } = useTranslation();
  const view = useView();
  const [settled] = useDebouncedValue(JSON.stringify({ puts, deletes }), PAUSE);
  return useQuery({
    queryKey: ["what-if", i18n.language, view, settled, focus],
    queryFn: ({ signal }) =>
      api.post<Assessment>(
        "/what-if",
        { ...(JSON.parse(settled) as object), focus },
        { on: view.on, seq: view.seq, draft: view.draft },
        signal,
      ),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 30_000,
  });
}
