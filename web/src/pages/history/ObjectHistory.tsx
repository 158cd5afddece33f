import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import type { Entry, Page } from "../../api/types";
import { Awaited } from "../../parts/Page";
import { EntryList } from "./EntryList";
import css from "./History.module.css";

/** The history of one object. */
export function ObjectHistory({ kind, name }: { kind: string; name: string }) {
  const { t } = useTranslation();
  const query = useResource<Page<Entry>>(`/objects/${kind}/${name}/history`);
  return (
    <Awaited query={query} lines={4}>
      {(data) =>
        (data.items ?? []).length === 0 ? (
          <p className={css.none}>{t("history.none")}</p>
        ) : (
          <EntryList entries={data.items} withoutObject />
        )
      }
    </Awaited>
  );
}
