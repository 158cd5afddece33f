import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import type { ObjectView, Sheet } from "../../api/types";
import { formatInstant } from "../../format/format";
import { FindingList } from "../../parts/FindingList";
import { ProblemView } from "../../parts/Page";
import css from "./Publication.module.css";
import { SubmissionList } from "./SubmissionList";

/** Where the service stands on its way to the catalogue, and the next step for whoever may take it. */
export function PublicationPanel({
  name,
  sheet,
  permissions,
}: {
  name: string;
  sheet: Sheet;
  permissions: NonNullable<ObjectView["permissions"]>;
}) {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const refresh = useRefresh();
  const [asking, setAsking] = useState<"submit" | "withdraw" | null>(null);
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const publication = sheet.publication;
  const submission = publication?.submission;
  const state = publication?.state ?? "none";
  const blocking = publication?.blocking ?? [];
  const withdrawing = asking === "withdraw";
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const sent = withdrawing
        ? await api.post<{ seq?: number }>(`/services/${name}/withdrawal`, { reason: note.trim() })
        : await api.post<{ seq?: number }>(`/services/${name}/submission`, { note: note.trim() });
      await refresh(sent?.seq);
      notifications.show({ message: t(withdrawing ? "publication.withdrawn" : "publication.submitted") });
      setAsking(null);
      setNote("");
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <div className={css.state}>
        <div>
          <div className={css.stateText}>
            {submission ? t("publication.state.submitted") : t(`publication.state.${state}`)}
          </div>
          {publication?.at && (
            <div className={css.soft}>
              {publication.by ? `${publication.by}, ` : ""}
              {formatInstant(publication.at, i18n.language, organisation.zone)}
            </div>
          )}
          {publication?.refusal && !submission && (
            <p className={css.note}>{t("publication.lastRefusal", { reason: publication.refusal })}</p>
          )}
        </div>
        <Group gap="xs">
          {!submission && permissions.submit !== false && (
            <Button variant="default" onClick={() => setAsking("submit")}>
              {t("publication.submit")}
            </Button>
          )}
          {!submission && state !== "none" && sheet.permissions?.withdraw && (
            <Button variant="subtle" onClick={() => setAsking("withdraw")}>
              {t("publication.withdraw")}
            </Button>
          )}
        </Group>
      </div>
      {blocking.length > 0 && (
        <div>
          <p className={css.lead}>{t("publication.standing", { count: blocking.length })}</p>
          <FindingList findings={blocking} limit={5} />
        </div>
      )}
      {submission && (
        <SubmissionList
          submissions={[
            {
              id: submission.id,
              service: { ref: `service/${name}`, title: sheet.service.title },
              author: { id: "", name: submission.by },
              at: submission.at,
              note: submission.note,
              mine: submission.mine,
              blocked: blocking,
            },
          ]}
        />
      )}
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        size="lg"
        title={t(withdrawing ? "publication.withdrawTitle" : "publication.submitTitle")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <p className={css.lead}>{t(withdrawing ? "publication.withdrawLead" : "publication.submitLead")}</p>
          <Textarea
            label={t(withdrawing ? "publication.withdrawReason" : "publication.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={3}
            data-autofocus
          />
          {failure !== null && <ProblemView problem={failure} />}
          {failure instanceof Problem && failure.findings.length > 0 && (
            <FindingList findings={failure.findings} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(null)}>
              {t("action.cancel")}
            </Button>
            <Button onClick={() => void send()} loading={busy} disabled={withdrawing && note.trim() === ""}>
              {t(withdrawing ? "publication.withdraw" : "publication.submit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
