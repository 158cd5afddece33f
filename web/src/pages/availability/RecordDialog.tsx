import { Button, Checkbox, CloseButton, Group, Modal, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import type { Put, Ref } from "../../api/types";
import { localText, splitRef } from "../../format/text";
import { formatInstant } from "../../format/format";
import { instantOf, wallTime } from "../../format/zone";
import { ProblemView } from "../../parts/Page";
import { RefPicker, useRefTitle } from "../../parts/RefPicker";
import css from "./Availability.module.css";
import { type DownCause, faultsOf, maintenance, outages, type ReadRecording, type Said, timeNow } from "./recording";

/** What the server refused, at the field that it names. */
export function errorAt(failure: unknown, field: string): string | undefined {
  return failure instanceof Problem ? failure.errors.find((each) => each.field?.startsWith(field))?.message : undefined;
}

/** A wall time as people read it, whatever form the browser's own field gives it, with its clock. */
export function useClock(zone: string) {
  const { t, i18n } = useTranslation();
  return (wall: string) => {
    const instant = instantOf(wall, zone);
    return [instant && formatInstant(instant, i18n.language, zone), t("record.clock", { zone })].filter(Boolean).join(" · ");
  };
}

/** Saves a change of several objects and tells; the failure stays with the form. */
export function useSave(done: () => void) {
  const { t } = useTranslation();
  const { head } = useKnownSession();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const save = async (title: string, reason: string, puts: Put[]) => {
    setBusy(true);
    setFailure(null);
    try {
      const { seq } = await api.post<{ seq: number }>("/changes", { base: head, title, reason: reason.trim(), puts, deletes: [] });
      done();
      await refresh(seq);
      notifications.show({ message: t("save.doneLive", { seq }) });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, failure };
}

interface RecordDialogProps {
  recording: ReadRecording;
  planned: boolean;
  onClose: () => void;
  onSaved: () => void;
}

/** An interruption, prefilled from what is down; or planned work on it. */
export function RecordDialog({ recording, planned: asked, onClose, onSaved }: RecordDialogProps) {
  const { t, i18n } = useTranslation();
  const { zone } = recording;
  const now = timeNow(recording);
  const causes = recording.down ?? [];
  const titleOf = (cause: DownCause) => localText(cause.title, i18n.language) || splitRef(cause.ref).name;
  const [planned, setPlanned] = useState(asked);
  const fitting = causes.filter((cause) => (planned ? cause.planned : cause.cause));
  const suggest = (plan: boolean) => t(plan ? "record.workOn" : "record.interruptionOf", { title: causes.map(titleOf).join(", ") });
  const [said, setSaid] = useState<Said>({
    title: suggest(asked),
    start: wallTime(now, zone),
    end: "",
    announced: wallTime(now, zone).slice(0, 10),
    stops: true,
    spared: [],
    added: [],
  });
  const [reason, setReason] = useState(t("record.reason", { title: causes.map(titleOf).join(", ") }));
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Said>) => setSaid((before) => ({ ...before, ...part }));
  const { save, busy, failure } = useSave(onSaved);
  const faults = faultsOf({ ...said, end: planned ? said.end : "", reason }, { zone, now, needsEnd: planned, mayLieAhead: planned });
  const error = (field: "title" | "start" | "end" | "reason") => {
    const fault = tried ? faults.find((each) => each.field === field)?.fault : undefined;
    return fault ? t(`record.fault.${fault}`) : errorAt(failure, field === "title" ? "/metadata/title" : `/spec/${field}`);
  };
  const derived = [...new Map(fitting.flatMap((cause) => cause.services ?? []).map((each) => [each.ref, each])).values()];
  const submit = () => {
    setTried(true);
    if (faults.length > 0) return;
    const puts = planned ? maintenance(causes, said, zone) : outages(causes, said, zone, titleOf);
    void save(said.title.trim(), reason, puts);
  };
  const clockOf = useClock(zone);
  const atField = ["title", "start", "end"].some((field) => error(field as "title") !== undefined);
  return (
    <Modal opened onClose={onClose} size="lg" title={t("record.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          {recording.record && recording.plan && (
            <SegmentedControl
              aria-label={t("record.type")}
              value={planned ? "planned" : "unplanned"}
              onChange={(value) => {
                const plan = value === "planned";
                if (said.title === suggest(planned)) change({ title: suggest(plan) });
                setPlanned(plan);
              }}
              data={[
                { value: "unplanned", label: t("record.unplanned") },
                { value: "planned", label: t("record.planned") },
              ]}
            />
          )}
          {fitting.length < causes.length && (
            <p className={css.soft} role="status">
              {t(planned ? "record.notWorkedOn" : "record.noCause", {
                list: causes
                  .filter((cause) => !fitting.includes(cause))
                  .map(titleOf)
                  .join(", "),
              })}
            </p>
          )}
          <TextInput label={t("record.what")} value={said.title} onChange={(event) => change({ title: event.currentTarget.value })} error={error("title")} required />
          <Group align="flex-start" grow>
            <TextInput
              type="datetime-local"
              label={t("record.start")}
              description={clockOf(said.start)}
              value={said.start}
              onChange={(event) => change({ start: event.currentTarget.value })}
              error={error("start")}
              required
              data-autofocus
            />
            {planned && (
              <TextInput
                type="datetime-local"
                label={t("record.end")}
                description={clockOf(said.end)}
                value={said.end}
                onChange={(event) => change({ end: event.currentTarget.value })}
                error={error("end")}
                required
              />
            )}
          </Group>
          {planned ? (
            <>
              <TextInput
                type="date"
                label={t("record.announced")}
                description={t("record.announcedHelp")}
                value={said.announced}
                onChange={(event) => change({ announced: event.currentTarget.value })}
                error={errorAt(failure, "/spec/announced")}
              />
              <Checkbox checked={said.stops} onChange={(event) => change({ stops: event.currentTarget.checked })} label={t("record.stops")} />
            </>
          ) : (
            <ServicesHit
              derived={derived.map((each) => ({ ref: each.ref, title: localText(each.title, i18n.language) || splitRef(each.ref).name }))}
              said={said}
              change={change}
              error={errorAt(failure, "/spec/hits") ?? errorAt(failure, "/spec/spared")}
            />
          )}
          <Textarea label={t("save.why")} description={t("save.whyHelp")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={error("reason")} autosize minRows={2} required />
          {failure !== null && !atField && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={fitting.length === 0}>
              {t(planned ? "record.savePlanned" : "record.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ServicesHitProps {
  derived: { ref: Ref; title: string }[];
  said: Said;
  change: (part: Partial<Said>) => void;
  error?: string;
}

/** The services that the design says are hit, to be corrected by who knows better. */
function ServicesHit({ derived, said, change, error }: ServicesHitProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={css.hits}>
      <legend>{t("record.hits")}</legend>
      <p className={css.soft}>{t(derived.length > 0 ? "record.hitsHelp" : "record.noHits")}</p>
      <div className={css.hitList}>
        {derived.map((each) => (
          <Checkbox
            key={each.ref}
            size="sm"
            checked={!said.spared.includes(each.ref)}
            onChange={(event) =>
              change({ spared: event.currentTarget.checked ? said.spared.filter((ref) => ref !== each.ref) : [...said.spared, each.ref] })
            }
            label={each.title}
          />
        ))}
        {said.added.map((ref) => (
          <Added key={ref} of={ref} onTake={() => change({ added: said.added.filter((each) => each !== ref) })} />
        ))}
      </div>
      <RefPicker
        labelled
        label={t("record.addHit")}
        kinds={["service"]}
        value={undefined}
        error={error}
        onChange={(ref) =>
          ref && !said.added.includes(ref) && !derived.some((each) => each.ref === ref) && change({ added: [...said.added, ref] })
        }
      />
    </fieldset>
  );
}

function Added({ of, onTake }: { of: Ref; onTake: () => void }) {
  const { t } = useTranslation();
  const title = useRefTitle(of);
  return (
    <Group gap={6}>
      <CloseButton size="sm" aria-label={t("record.takeOut", { title })} onClick={onTake} />
      {title}
    </Group>
  );
}
