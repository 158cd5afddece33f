import { Button, Group, Modal, Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conflict } from "../api/types";
import { localText } from "../format/text";
import { formatScalar } from "../format/value";
import css from "./Editor.module.css";

export interface Resolution {
  ref: string;
  path: string;
  take: "mine" | "theirs";
}

/** Two people changed the same field: each difference is settled, mine or theirs. */
export function ConflictDialog({
  conflicts,
  onCancel,
  onResolve,
  busy,
}: {
  conflicts: Conflict[];
  onCancel: () => void;
  onResolve: (resolutions: Resolution[]) => void;
  busy?: boolean;
}) {
  const { t, i18n } = useTranslation();
  const [taken, setTaken] = useState<Record<string, "mine" | "theirs">>({});
  const key = (conflict: Conflict) => `${conflict.ref}#${conflict.path}`;
  const show = (value: unknown) =>
    value === undefined || value === null || value === ""
      ? t("history.nothing")
      : formatScalar(value, undefined, i18n.language);
  const settled = conflicts.every((conflict) => taken[key(conflict)]);
  return (
    <Modal
      opened={conflicts.length > 0}
      onClose={onCancel}
      size="xl"
      title={t("conflict.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="sm">
        <p className={css.help}>{t("conflict.lead")}</p>
        {conflicts.map((conflict) => (
          <fieldset key={key(conflict)} className={css.conflict}>
            <legend>{localText(conflict.label, i18n.language) || conflict.path}</legend>
            <p className={css.help}>{t("conflict.base", { value: show(conflict.base) })}</p>
            <Radio.Group
              value={taken[key(conflict)] ?? null}
              onChange={(value) => setTaken({ ...taken, [key(conflict)]: value as "mine" | "theirs" })}
              aria-label={localText(conflict.label, i18n.language) || conflict.path}
            >
              <Stack gap={6}>
                <Radio value="mine" label={t("conflict.mine", { value: show(conflict.mine) })} />
                <Radio value="theirs" label={t("conflict.theirs", { value: show(conflict.theirs) })} />
              </Stack>
            </Radio.Group>
          </fieldset>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
          <Button
            disabled={!settled}
            loading={busy}
            onClick={() =>
              onResolve(
                conflicts.map((conflict) => ({
                  ref: conflict.ref,
                  path: conflict.path,
                  take: taken[key(conflict)] ?? "mine",
                })),
              )
            }
          >
            {t("conflict.submit")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
