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

const STATES = ["draft", "submitted", "published", "refused", "changed", "never"] as const;

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
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const publication = sheet.publication;
  const submission = publication?.submission;
  const stated = publication?.state ?? "never";
  const state = (STATES as readonly string[]).includes(stated) ? (stated as (typeof STATES)[number]) : "never";
  const standing = (sheet.findings ?? []).filter((finding) => finding.severity === "error" && finding.outcome !== "unknown" && !finding.waiver);
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const sent = await api.post<{ seq?: number }>(`/services/${name}/submission`, { note: note.trim() });
      await refresh(sent?.seq);
      notifications.show({ message: t("publication.submitted") });
      setAsking(false);
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
          {publication?.decision && (
            <div className={css.soft}>
              {publication.decision.by && publication.decision.time
                ? t("publication.decidedBy", {
                    name: publication.decision.by,
                    time: formatInstant(publication.decision.time, i18n.language, organisation.zone),
                  })
                : null}
              {publication.decision.reason && <p className={css.note}>{publication.decision.reason}</p>}
            </div>
          )}
        </div>
        {!submission && permissions.submit !== false && (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t("publication.submit")}
          </Button>
        )}
      </div>
      {standing.length > 0 && (
        <div>
          <p className={css.lead}>{t("publication.standing", { count: standing.length })}</p>
        </div>
      )}
      {submission && (
        <SubmissionList submissions={[{ ...submission, service: submission.service ?? { ref: `service/${name}`, title: sheet.service.title } }]} />
      )}
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        size="lg"
        title={t("publication.submitTitle")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <p className={css.lead}>{t("publication.submitLead")}</p>
          <Textarea
            label={t("publication.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={3}
            data-autofocus
          />
          {failure !== null && <ProblemView problem={failure} />}
          {failure instanceof Problem && failure.findings.length > 0 && <FindingList findings={failure.findings} withoutSubject />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t("action.cancel")}
            </Button>
            <Button onClick={() => void submit()} loading={busy}>
              {t("publication.submit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
