import { Button, Group } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh, useResource } from "../../api/queries";
import type { Role } from "../../api/types";
import { formatDuration, formatInstant } from "../../format/format";
import { localText } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { AskDialog } from "./AskDialog";
import type { Invitation, Questionnaire } from "./questionnaire";

/** Those who may change the impact analysis of activities, and so ask about it. */
const ASKING: Role[] = ["continuity-manager", "design-coordinator"];

/** The questionnaires that business managers fill from a link; nothing for who may not ask. */
export function Questionnaires() {
  const { account } = useKnownSession();
  return account?.roles.some((role) => ASKING.includes(role)) ? <AskedQuestionnaires /> : null;
}

function AskedQuestionnaires() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const query = useResource<Questionnaire[]>("/questionnaires");
  const [asking, setAsking] = useState(false);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  const columns = useMemo<Column<Questionnaire>[]>(() => {
    const act = async (work: () => Promise<void>) => {
      setFailure(null);
      try {
        await work();
      } catch (problem) {
        setFailure(problem);
      }
    };
    const remind = (one: Questionnaire) =>
      act(async () => setInvitation(await api.post<Invitation>(`/questionnaires/${one.id}/reminder`)));
    const revoke = (one: Questionnaire) =>
      act(async () => {
        await api.post(`/questionnaires/${one.id}/revocation`);
        await refresh();
      });
    const forget = (one: Questionnaire) =>
      act(async () => {
        await api.delete(`/questionnaires/${one.id}`);
        await refresh();
      });
    const review = (one: Questionnaire) =>
      act(async () => {
        const { draft } = await api.post<{ draft: string }>(`/questionnaires/${one.id}/review`);
        await navigate({ to: `/drafts/${draft}` as never });
      });
    return [
      {
        key: "subject",
        label: t("questionnaire.subject"),
        fixed: true,
        sort: (one) => localText(one.subject.title, i18n.language),
        render: (one) => <RefLink to={one.subject.ref} title={one.subject.title} />,
      },
      { key: "recipient", label: t("questionnaire.recipient"), render: (one) => one.respondent || one.recipient },
      {
        key: "state",
        label: t("questionnaire.state"),
        sort: (one) => one.state,
        render: (one) => (
          <>
            {t(`questionnaire.states.${one.state}`)}
            {one.mtpd && (
              <div style={{ color: "var(--ink-soft)", fontSize: 13 }}>
                {t("questionnaire.says", { time: formatDuration(one.mtpd, i18n.language) })}
              </div>
            )}
            {one.comments && (
              <div style={{ color: "var(--ink-soft)", fontSize: 13, whiteSpace: "pre-line" }}>{one.comments}</div>
            )}
          </>
        ),
      },
      {
        key: "when",
        label: t("questionnaire.when"),
        sort: (one) => one.answered ?? one.expires,
        render: (one) => formatInstant(one.answered ?? one.expires, i18n.language),
      },
      {
        key: "actions",
        label: t("questionnaire.actions"),
        render: (one) => (
          <Group gap={6} wrap="nowrap">
            {one.state === "answered" && (
              <Button size="compact-sm" onClick={() => void review(one)}>
                {t("questionnaire.review")}
              </Button>
            )}
            {one.state === "sent" && (
              <>
                <Button size="compact-sm" variant="default" onClick={() => void remind(one)}>
                  {t("questionnaire.remind")}
                </Button>
                <Button size="compact-sm" variant="default" onClick={() => void revoke(one)}>
                  {t("questionnaire.revoke")}
                </Button>
              </>
            )}
            {one.state !== "sent" && one.state !== "answered" && (
              <Button size="compact-sm" variant="default" onClick={() => void forget(one)}>
                {t("questionnaire.forget")}
              </Button>
            )}
          </Group>
        ),
      },
    ];
  }, [t, i18n.language, navigate, refresh]);

  return (
    <Panel
      id="questionnaires"
      title={t("questionnaire.title")}
      lead={t("questionnaire.lead")}
      actions={<Button onClick={() => setAsking(true)}>{t("questionnaire.new")}</Button>}
      flush
    >
      {failure !== null && <ProblemView problem={failure} />}
      <Awaited query={query} lines={3}>
        {(data) => (
          <DataTable
            label={t("questionnaire.title")}
            columns={columns}
            rows={data}
            rowKey={(one) => one.id}
            empty={<Empty title={t("questionnaire.none")}>{t("questionnaire.noneText")}</Empty>}
          />
        )}
      </Awaited>
      <AskDialog
        asking={asking}
        invitation={invitation}
        onInvitation={(made) => {
          setAsking(false);
          setInvitation(made);
        }}
        onClose={() => {
          setAsking(false);
          setInvitation(null);
        }}
      />
    </Panel>
  );
}
