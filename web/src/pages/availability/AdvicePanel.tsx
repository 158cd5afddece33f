import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useModel, useRefresh } from "../../api/queries";
import type { ServerTable } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Panel } from "../../parts/Page";
import { RecordTable } from "../../parts/RecordTable";
import css from "./Availability.module.css";
import { FrontPicture } from "./FrontPicture";
import type { Level } from "./study";

export interface Bundle {
  choices: { of: string; name: string }[] | null;
  text: string;
  cost: string;
  amount: number;
  after: Level;
  kept: boolean;
}

interface Advice {
  service: { ref: string; title: unknown };
  sentence: string;
  now: Level;
  promised?: Level;
  proven: boolean;
  options: unknown[] | null;
  front: Bundle[] | null;
  table: ServerTable;
}

/** What could be bought to interrupt the service less: cost against availability, and the way to a draft. */
export function AdvicePanel({ name, title }: { name: string; title: string }) {
  const { t, i18n } = useTranslation();
  const query = useModel<Advice>(`/services/${name}/availability/advice`);
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <Panel id="advice" title={t("availability.advice")} lead={t("availability.adviceLead")}>
      <Awaited query={query} lines={5}>
        {(advice) => {
          const front = advice.front ?? [];
          return (
            <>
              <p className={css.sentence}>{typeset(advice.sentence, i18n.language)}</p>
              {!advice.proven && <p className={css.soft}>{t("availability.unproven")}</p>}
              {(advice.options?.length ?? 0) === 0 ? (
                <Empty title={t("availability.noAdvice")} />
              ) : (
                <>
                  {front.length > 0 && (
                    <div className={css.front}>
                      <FrontPicture
                        front={front}
                        now={advice.now}
                        promised={advice.promised}
                        chosen={chosen}
                        onChoose={setChosen}
                      />
                      <Bundles name={name} title={title} front={front} chosen={chosen} onChoose={setChosen} />
                    </div>
                  )}
                  <RecordTable
                    label={advice.table.title ?? ""}
                    columns={advice.table.columns ?? []}
                    rows={advice.table.rows ?? []}
                    maxHeight={300}
                  />
                </>
              )}
            </>
          );
        }}
      </Awaited>
    </Panel>
  );
}

function Bundles({
  name,
  title,
  front,
  chosen,
  onChoose,
}: {
  name: string;
  title: string;
  front: Bundle[];
  chosen: number | null;
  onChoose: (index: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const open = useMutation({
    mutationFn: (bundle: Bundle) =>
      api.post<{ id: string }>(`/services/${name}/availability/draft`, {
        title: t("availability.draftTitle", { title }),
        choices: bundle.choices ?? [],
      }),
    onSuccess: async (draft) => {
      await refresh();
      void navigate({ to: `/drafts/${draft.id}` as never });
    },
    onError: (problem) => notifications.show({ color: "red", message: localText(problem.message, i18n.language) }),
  });
  return (
    <ol className={css.bundles}>
      {front.map((bundle, index) => (
        <li key={bundle.text} className={css.bundle} data-chosen={chosen === index || undefined}>
          <button type="button" className={css.pick} aria-pressed={chosen === index} onClick={() => onChoose(index)}>
            <strong>{typeset(bundle.cost, i18n.language)}</strong> · {typeset(bundle.after.text, i18n.language)}
            {bundle.kept && <span className={css.kept}> {t("availability.keeps")}</span>}
            <span className={css.parts}>{typeset(bundle.text, i18n.language)}</span>
          </button>
          <Button size="compact-xs" variant="default" loading={open.isPending} onClick={() => open.mutate(bundle)}>
            {t("availability.openDraft")}
          </Button>
        </li>
      ))}
    </ol>
  );
}
