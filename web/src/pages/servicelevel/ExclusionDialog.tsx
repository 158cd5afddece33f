import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../../api/client";
import { useKnownSession, useRefresh, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { localText } from "../../format/text";
import { instantOf } from "../../format/zone";
import { ProblemView } from "../../parts/Page";
import { errorAt } from "../availability/RecordDialog";
import { type Effect, Effects } from "./Effects";
import type { LeftOut, ObjectiveSheet } from "./objectives";
import { StretchFields } from "./StretchFields";
import { useEffectOf } from "./useEffectOf";
import { useStretch, useWall } from "./useStretch";

const KINDS = ["planned-maintenance", "customer-cause", "force-majeure"] as const;

/** Leaves a stretch of time out of a promise: from, to, why, and when it was announced. */
export function ExclusionDialog({ data, onClose }: { data: ObjectiveSheet; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const { today } = useKnownSession();
  const wall = useWall(data.zone);
  const now = data.window.counted ?? `${today}T12:00:00Z`;
  const stretch = useStretch(data.zone, new Date(Date.parse(now) - 3_600_000).toISOString(), now);
  const [scope, setScope] = useState(data.service.ref);
  const [kind, setKind] = useState<string>(KINDS[0]);
  const [announced, setAnnounced] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const announcedAt = announced ? instantOf(announced, data.zone) : undefined;
  const body = stretch.fault || (announced && !announcedAt) ? null : { scope, kind, from: stretch.at.from, until: stretch.at.until, announced: announcedAt, reason: reason.trim() };
  const effect = useEffectOf("/evidence/exclusions/effect", body && { ...body, reason: "" });
  const wrong = failure ?? effect.problem;
  const scopes = [
    { value: data.service.ref, label: t("exclusion.scope.service", { what: localText(data.service.title, i18n.language) }) },
    { value: data.of.ref, label: t("exclusion.scope.agreement", { what: localText(data.of.title, i18n.language) }) },
    ...(data.series ? [{ value: data.series, label: t("exclusion.scope.series", { what: data.source ? localText(data.source.title, i18n.language) : data.series }) }] : []),
  ];
  const save = async () => {
    setTried(true);
    if (!body || !reason.trim()) return;
    setBusy(true);
    setFailure(null);
    try {
      await api.post("/evidence/exclusions", body);
      await refresh();
      notifications.show({ message: t("exclusion.done") });
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("exclusion.title")} size="lg" closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <StretchFields
            stretch={stretch}
            zone={data.zone}
            errors={{
              from: stretch.fault === "from" ? t("evidence.noInstant") : errorAt(wrong, "/from"),
              until: stretch.fault === "until" ? t("evidence.backwards") : errorAt(wrong, "/until"),
            }}
          />
          <Select label={t("exclusion.kind")} data={KINDS.map((value) => ({ value, label: t(`exclusion.kinds.${value}`) }))} value={kind} onChange={(value) => setKind(value ?? KINDS[0])} allowDeselect={false} error={errorAt(wrong, "/kind")} />
          <Select label={t("exclusion.of")} data={scopes} value={scope} onChange={(value) => setScope(value ?? data.service.ref)} allowDeselect={false} error={errorAt(wrong, "/scope")} />
          <TextInput
            type="datetime-local"
            label={t("exclusion.announced")}
            description={announced ? wall(announced) : t("exclusion.announcedNow")}
            value={announced}
            onChange={(event) => setAnnounced(event.currentTarget.value)}
            error={announced && !announcedAt ? t("evidence.noInstant") : errorAt(wrong, "/announced")}
          />
          <Textarea
            label={t("evidence.reason")}
            description={t("exclusion.reasonHelp")}
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
              {t("exclusion.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Whether what was refused is told at a field already. */
export function atField(failure: unknown): boolean {
  return failure instanceof Problem && failure.errors.some((each) => each.field);
}

/** Withdraws an exclusion, with what counts again then. */
export function WithdrawDialog({ data, exclusion, onClose }: { data: ObjectiveSheet; exclusion: LeftOut; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const effect = useResource<Effect[]>(`/evidence/exclusions/${exclusion.id}/withdrawal/effect`);
  const save = async () => {
    setTried(true);
    if (!reason.trim()) return;
    setBusy(true);
    setFailure(null);
    try {
      await api.post(`/evidence/exclusions/${exclusion.id}/withdrawal`, { reason: reason.trim() });
      await refresh();
      notifications.show({ message: t("exclusion.withdrawn") });
      onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("exclusion.withdrawTitle")} size="lg" closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <p style={{ margin: 0 }}>
            <strong>{exclusion.kind}</strong> {formatInstant(exclusion.from, i18n.language, data.zone)}
            {exclusion.until && ` – ${formatInstant(exclusion.until, i18n.language, data.zone)}`} · {t("evidence.clock", { zone: data.zone })}
            <br />
            {[exclusion.author, exclusion.reason].filter(Boolean).join(" · ")}
          </p>
          <Textarea
            label={t("evidence.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && !reason.trim() ? t("evidence.needReason") : undefined}
            autosize
            minRows={2}
            maxLength={1000}
            required
            data-autofocus
          />
          <Effects effects={effect.data} problem={effect.error} waiting={effect.isPending} />
          {failure !== null && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" color="red" loading={busy}>
              {t("exclusion.withdraw")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

