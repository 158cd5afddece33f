import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import type { Submission } from "../../api/types";
import { formatInstant } from "../../format/format";
import { FindingList } from "../../parts/FindingList";
import { ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import css from "./Publication.module.css";

/** Submissions that wait for a decision by another person than their author. */
export function SubmissionList({ submissions }: { submissions: Submission[] }) {
  const { t, i18n } = useTranslation();
  const { account, organisation } = useKnownSession();
  const [deciding, setDeciding] = useState<{ submission: Submission; outcome: "publish" | "refuse" } | null>(null);
  return (
    <>
      <ul className={css.submissions}>
        {submissions.map((submission) => {
          const own = submission.mine ?? submission.author.id === account?.id;
          const blocked = submission.blocked ?? [];
          return (
            <li key={submission.id}>
              <div>
                <RefLink to={submission.service.ref} title={submission.service.title} />
                <div className={css.soft}>
                  {t("publication.submittedBy", {
                    name: submission.author.name,
                    time: formatInstant(submission.at, i18n.language, organisation.zone),
                  })}
                </div>
                {submission.note && <p className={css.note}>{submission.note}</p>}
                {blocked.length > 0 && (
                  <p className={css.note}>{t("publication.standing", { count: blocked.length })}</p>
                )}
              </div>
              {own ? (
                <span className={css.soft}>{t("publication.own")}</span>
              ) : (
                <Group gap="xs">
                  <Button
                    size="xs"
                    disabled={blocked.length > 0}
                    onClick={() => setDeciding({ submission, outcome: "publish" })}
                  >
                    {t("publication.publish")}
                  </Button>
                  <Button size="xs" variant="default" onClick={() => setDeciding({ submission, outcome: "refuse" })}>
                    {t("publication.refuse")}
                  </Button>
                </Group>
              )}
            </li>
          );
        })}
      </ul>
      <DecisionDialog deciding={deciding} onClose={() => setDeciding(null)} />
    </>
  );
}

export function DecisionDialog({
  deciding,
  onClose,
}: {
  deciding: { submission: Submission; outcome: "publish" | "refuse" } | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const refuse = deciding?.outcome === "refuse";
  const close = () => {
    setReason("");
    setFailure(null);
    onClose();
  };
  const decide = async () => {
    if (!deciding) return;
    setBusy(true);
    setFailure(null);
    try {
      const decided = await api.post<{ seq?: number }>(`/submissions/${deciding.submission.id}/decision`, {
        outcome: deciding.outcome,
        reason: reason.trim(),
      });
      await refresh(decided?.seq);
      notifications.show({ message: refuse ? t("publication.refused") : t("publication.published") });
      close();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={deciding !== null}
      onClose={close}
      size="lg"
      title={refuse ? t("publication.refuseTitle") : t("publication.publishTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <p className={css.lead}>{refuse ? t("publication.refuseLead") : t("publication.publishLead")}</p>
        <Textarea
          label={t("publication.reason")}
          required={refuse}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={3}
          data-autofocus
        />
        {failure !== null && <ProblemView problem={failure} />}
        {failure instanceof Problem && failure.findings.length > 0 && (
          <FindingList findings={failure.findings} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("action.cancel")}
          </Button>
          <Button onClick={() => void decide()} loading={busy} disabled={refuse && !reason.trim()}>
            {refuse ? t("publication.refuse") : t("publication.publish")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
