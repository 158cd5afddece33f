import { Button, Group, Modal, NumberInput, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import { ProblemView } from "../../parts/Page";
import { errorAt } from "../availability/RecordDialog";
import { Effects } from "./Effects";
import { atField } from "./ExclusionDialog";
import type { ObjectiveSheet } from "./objectives";
import { StretchFields } from "./StretchFields";
import { useEffectOf } from "./useEffectOf";
import { useStretch } from "./useStretch";

const STATES = ["good", "bad", "unknown"] as const;
export type SliceState = (typeof STATES)[number];

/** Says what a stretch of time really was; the evidence before stays, and this stands above it. */
export function CorrectDialog({
  data,
  from,
  until,
  onClose,
}: {
  data: ObjectiveSheet;
  from?: string;
  until?: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const { today } = useKnownSession();
  // The last five minutes of a day under way are still being measured.
  const last = new Date(Date.parse(data.window.counted ?? `${today}T00:00:00Z`) - 300_000).toISOString();
  const stretch = useStretch(data.zone, from ?? new Date(Date.parse(last) - 3_600_000).toISOString(), until ?? last);
  const [state, setState] = useState<SliceState>("good");
  const [good, setGood] = useState<number | string>("");
  const [total, setTotal] = useState<number | string>("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const events = state === "unknown" ? {} : { good: number(good), total: number(total) };
  const tooMany = state !== "unknown" && (number(good) ?? 0) > (number(total) ?? 0);
  const body = stretch.fault || tooMany ? null : { series: data.series, from: stretch.at.from, until: stretch.at.until, state, ...events };
  const effect = useEffectOf("/evidence/corrections/effect", body);
  const wrong = failure ?? effect.problem;
  const save = async () => {
    setTried(true);
    if (!body || !reason.trim()) return;
    setBusy(true);
    setFailure(null);
    try {
      await api.post("/evidence/corrections", { ...body, reason: reason.trim() });
      await refresh();
      notifications.show({ message: t("correct.done") });
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("correct.title")} size="lg" closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <p style={{ margin: 0 }}>{t("correct.lead")}</p>
          <StretchFields
            stretch={stretch}
            zone={data.zone}
            errors={{
              from: stretch.fault === "from" ? t("evidence.noInstant") : errorAt(wrong, "/from"),
              until: stretch.fault === "until" ? t("evidence.backwards") : errorAt(wrong, "/until"),
            }}
          />
          <div>
            <div id="correct-state" style={{ fontSize: 14, fontWeight: 500, marginBottom: 4 }}>
              {t("correct.was")}
            </div>
            <SegmentedControl
              aria-labelledby="correct-state"
              value={state}
              onChange={(value) => setState(value as SliceState)}
              data={STATES.map((value) => ({ value, label: t(`objective.slice.${value}`) }))}
            />
          </div>
          {state !== "unknown" && (
            <Group align="flex-start" grow preventGrowOverflow={false}>
              <NumberInput label={t("correct.good")} description={t("correct.eventsHelp")} value={good} onChange={setGood} min={0} miw={220} error={tooMany ? t("correct.tooMany") : errorAt(wrong, "/good")} />
              <NumberInput label={t("correct.total")} description={t("correct.eventsHelp")} value={total} onChange={setTotal} min={0} miw={220} />
            </Group>
          )}
          <Textarea
            label={t("evidence.reason")}
            description={t("correct.reasonHelp")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && !reason.trim() ? t("evidence.needReason") : undefined}
            autosize
            minRows={2}
            maxLength={1000}
            required
          />
          <Effects effects={effect.effects} problem={atField(effect.problem) ? null : effect.problem} waiting={effect.waiting} />
          {failure !== null && !atField(failure) && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("correct.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const number = (value: number | string) => (value === "" ? undefined : Number(value));
