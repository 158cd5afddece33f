import { Button, CopyButton, Group, Modal, NumberInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh } from "../../api/queries";
import type { Language } from "../../api/types";
import { ProblemView } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import type { Invitation } from "./questionnaire";

const USUAL_DAYS = 21;

/** Asks about an activity and hands out the link, or shows the link of a reminder. */
export function AskDialog({
  asking,
  invitation,
  onInvitation,
  onClose,
}: {
  asking: boolean;
  invitation: Invitation | null;
  onInvitation: (invitation: Invitation) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={asking || invitation !== null}
      onClose={onClose}
      size="lg"
      title={t(invitation ? "questionnaire.linkTitle" : "questionnaire.new")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {invitation ? (
        <Handover invitation={invitation} onClose={onClose} />
      ) : (
        <AskForm onInvitation={onInvitation} onClose={onClose} />
      )}
    </Modal>
  );
}

function AskForm({ onInvitation, onClose }: { onInvitation: (made: Invitation) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [subject, setSubject] = useState<string | undefined>();
  const [recipient, setRecipient] = useState("");
  const [language, setLanguage] = useState<Language>(i18n.language === "fr" ? "fr" : "en");
  const [days, setDays] = useState(USUAL_DAYS);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const made = await api.post<Invitation>("/questionnaires", {
        subject,
        recipient: recipient.trim(),
        language,
        days,
      });
      await refresh();
      onInvitation(made);
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack>
      <RefPicker
        labelled
        required
        label={t("questionnaire.subject")}
        description={t("questionnaire.subjectHelp")}
        kinds={["business-activity", "service"]}
        value={subject}
        onChange={setSubject}
      />
      <TextInput
        label={t("questionnaire.recipient")}
        description={t("questionnaire.recipientHelp")}
        value={recipient}
        maxLength={200}
        onChange={(event) => setRecipient(event.currentTarget.value)}
      />
      <Group grow align="flex-start">
        <Select
          label={t("questionnaire.language")}
          data={[
            { value: "fr", label: "Français" },
            { value: "en", label: "English" },
          ]}
          value={language}
          allowDeselect={false}
          onChange={(value) => setLanguage((value as Language) ?? "fr")}
        />
        <NumberInput
          label={t("questionnaire.days")}
          value={days}
          min={1}
          max={90}
          allowDecimal={false}
          onChange={(value) => setDays(Number(value) || USUAL_DAYS)}
        />
      </Group>
      {failure !== null && <ProblemView problem={failure} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button onClick={() => void ask()} loading={busy} disabled={!subject}>
          {t("questionnaire.make")}
        </Button>
      </Group>
    </Stack>
  );
}

function Handover({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { t } = useTranslation();
  const message = `${invitation.subject}\n\n${invitation.text}`;
  return (
    <Stack>
      <p style={{ margin: 0 }}>{t("questionnaire.linkText")}</p>
      <TextInput
        readOnly
        label={t("questionnaire.link")}
        value={invitation.url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Textarea readOnly autosize minRows={8} label={t("questionnaire.message")} value={message} />
      <Group justify="flex-end">
        {[
          { value: invitation.url, label: t("questionnaire.copyLink") },
          { value: message, label: t("questionnaire.copyMessage") },
        ].map((each) => (
          <CopyButton key={each.label} value={each.value}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t("account.copied") : each.label}
              </Button>
            )}
          </CopyButton>
        ))}
        <Button onClick={onClose}>{t("action.close")}</Button>
      </Group>
    </Stack>
  );
}
