import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Effect } from "./Effects";

/** What a change would do, asked again when what is typed rests for a moment; nothing is saved. */
export function useEffectOf(path: string, body: object | null) {
  const { i18n } = useTranslation();
  const [asked] = useDebouncedValue(body ? JSON.stringify(body) : "", 350);
  const query = useQuery({
    queryKey: ["effect", i18n.language, path, asked],
    queryFn: () => api.post<Effect[]>(path, JSON.parse(asked) as object),
    enabled: asked !== "",
    retry: false,
  });
  return { effects: query.data, problem: query.error, waiting: asked !== "" && query.isPending };
}
