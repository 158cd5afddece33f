import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useKnownSession, useRefresh } from "../api/queries";
import type { Finding } from "../api/types";
import { addDays } from "../format/format";
import { ProblemView } from "./Page";

export type Waivable = Finding;

/** Accepts one finding for a time, with a reason that stays in the log. */
export function WaiveDialog({ waivable, onClose }: { waivable: Waivable | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { today } = useKnownSession();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(addDays(today, 90));
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setReason("");
    setUntil(addDays(today, 90));
    setFailure(null);
  }, [waivable, today]);
  const save = async () => {
    if (!waivable) return;
    setBusy(true);
    setFailure(null);
    try {
      const saved = await api.post<{ seq?: number }>("/waivers", {
        rule: waivable.rule,
        subject: waivable.subject.ref,
        causes: [...(waivable.causes ?? []), ...(waivable.hits ?? [])].map((each) => each.ref),
        reason: reason.trim(),
        until,
      });
      await refresh(saved?.seq);
      notifications.show({ message: t("waiver.done") });
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={waivable !== null}
      onClose={onClose}
      title={t("waiver.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">{waivable?.text}</Text>
        <Text size="sm" c="dimmed">
          {t("waiver.lead")}
        </Text>
        <Textarea
          label={t("waiver.reason")}
          description={t("waiver.reasonHelp")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          minRows={3}
          autosize
          required
          data-autofocus
        />
        <TextInput
          type="date"
          label={t("waiver.until")}
          value={until}
          min={today}
          onChange={(event) => setUntil(event.currentTarget.value)}
          required
          w={200}
        />
        {failure !== null && <ProblemView problem={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button onClick={() => void save()} loading={busy} disabled={!reason.trim() || !until}>
            {t("waiver.submit")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
