import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import { typeset } from "../../format/text";
import { ProblemView } from "../../parts/Page";
import { errorAt } from "../availability/RecordDialog";
import { atField } from "./ExclusionDialog";
import type { ObjectiveSheet } from "./objectives";

/** Types by hand what a month attained; it is marked as declared everywhere. */
export function DeclareDialog({ data, onClose }: { data: ObjectiveSheet; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const { today } = useKnownSession();
  const [period, setPeriod] = useState(() => monthBefore(today));
  const [figure, setFigure] = useState("");
  const [cases, setCases] = useState<number | string>("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const share = data.declaredIn === "%";
  const typed = figure.trim();
  // "99,9" is read in percent where a share is asked for; another unit stays as it was typed.
  const value = /^[\d.,\s]+$/.test(typed) ? `${typed} ${data.declaredIn ?? ""}` : typed;
  const save = async () => {
    setTried(true);
    if (!typed || !period || !reason.trim()) return;
    setBusy(true);
    setFailure(null);
    try {
      const saved = await api.post<{ seq: number }>("/service-levels/declarations", {
        id: data.id,
        period,
        figure: value,
        cases: cases === "" ? undefined : Number(cases),
        reason: reason.trim(),
      });
      await refresh(saved.seq);
      notifications.show({ message: t("declare.done") });
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("declare.title")} size="lg" closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <p style={{ margin: 0 }}>{t(data.basis === "evidence" || data.basis === "cases" ? "declare.leadMeasured" : "declare.lead")}</p>
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              type="month"
              label={t("declare.month")}
              value={period}
              max={monthBefore(today)}
              onChange={(event) => setPeriod(event.currentTarget.value)}
              error={errorAt(failure, "/period") ?? (tried && !period ? t("declare.needMonth") : undefined)}
              miw={200}
              required
              data-autofocus
            />
            <TextInput
              label={t(share ? "declare.share" : "declare.value", { unit: data.declaredIn })}
              description={typeset(t("declare.promised", { promised: data.promised }), i18n.language)}
              value={figure}
              onChange={(event) => setFigure(event.currentTarget.value)}
              error={errorAt(failure, "/figure") ?? (tried && !typed ? t("declare.needFigure") : undefined)}
              miw={200}
              required
            />
          </Group>
          <NumberInput label={t("declare.cases")} value={cases} onChange={setCases} min={0} allowDecimal={false} w={220} error={errorAt(failure, "/cases")} />
          <Textarea
            label={t("declare.where")}
            description={t("declare.whereHelp")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && !reason.trim() ? t("evidence.needReason") : undefined}
            autosize
            minRows={2}
            maxLength={1000}
            required
          />
          {failure !== null && !atField(failure) && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("declare.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The month before that of a day, "2027-02" of "2027-03-12". */
function monthBefore(day: string): string {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 7);
}
