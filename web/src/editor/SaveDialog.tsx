import { Button, Group, Modal, Radio, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "../api/queries";
import type { Draft } from "../api/types";
import { ProblemView } from "../parts/Page";
import css from "./Editor.module.css";

export type SaveChoice =
  { to: "live"; title: string; reason: string } | { to: "draft"; draft: string } | { to: "newDraft"; title: string };

/** Asks where a change goes and why: into the live model with a reason, or into a draft. */
export function SaveDialog({
  opened,
  onClose,
  onSave,
  suggestion,
  failure,
  busy,
}: {
  opened: boolean;
  onClose: () => void;
  onSave: (choice: SaveChoice) => void;
  /** The title that the change is given unless the author says better. */
  suggestion: string;
  failure: unknown;
  busy: boolean;
}) {
  const { t } = useTranslation();
  const drafts = useResource<Draft[]>("/drafts").data ?? [];
  const [to, setTo] = useState<"live" | "draft" | "newDraft">("live");
  const [title, setTitle] = useState(suggestion);
  const [reason, setReason] = useState("");
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => {
    if (opened) setTitle(suggestion);
  }, [opened, suggestion]);
  const ready =
    to === "live"
      ? title.trim() !== "" && reason.trim() !== ""
      : to === "newDraft"
        ? title.trim() !== ""
        : draft !== null;
  const save = () => {
    if (to === "live") onSave({ to, title: title.trim(), reason: reason.trim() });
    else if (to === "newDraft") onSave({ to, title: title.trim() });
    else if (draft) onSave({ to: "draft", draft });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("save.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Radio.Group value={to} onChange={(value) => setTo(value as typeof to)} label={t("save.where")}>
          <Stack gap={6} mt={6}>
            <Radio value="live" label={t("save.live")} description={t("save.liveHelp")} />
            <Radio value="newDraft" label={t("save.newDraft")} description={t("save.newDraftHelp")} />
            {drafts.length > 0 && <Radio value="draft" label={t("save.draft")} />}
          </Stack>
        </Radio.Group>
        {to === "draft" && (
          <Select
            label={t("save.whichDraft")}
            data={drafts.map((each) => ({ value: String(each.id), label: each.title }))}
            value={draft}
            onChange={setDraft}
          />
        )}
        {to !== "draft" && (
          <TextInput
            label={to === "live" ? t("save.what") : t("save.draftTitle")}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
          />
        )}
        {to === "live" && (
          <Textarea
            label={t("save.why")}
            description={t("save.whyHelp")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={2}
            required
            data-autofocus
          />
        )}
        {failure !== null && failure !== undefined && <ProblemView problem={failure} />}
        <Group justify="space-between">
          <span className={css.soft}>{to === "live" ? t("save.logged") : ""}</span>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button onClick={save} disabled={!ready} loading={busy}>
              {to === "live" ? t("save.submitLive") : t("save.submitDraft")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
