import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addDays, formatDate, formatInstant } from "../../format/format";
import { localText, splitRef } from "../../format/text";
import { wallTime } from "../../format/zone";
import { Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import css from "./Availability.module.css";
import { errorAt, useClock, useSave } from "./RecordDialog";
import { ended, faultsOf, type OutageView, type ReadRecording, review, timeNow } from "./recording";

/** What is down as recorded, and what ended and waits for its review. */
export function OpenOutages({ recording }: { recording: ReadRecording }) {
  const { t, i18n } = useTranslation();
  const [ending, setEnding] = useState<OutageView | null>(null);
  const [planning, setPlanning] = useState<OutageView | null>(null);
  const { zone } = recording;
  const open = recording.open ?? [];
  const unstudied = recording.unstudied ?? [];
  const titleOf = (outage: OutageView) => localText(outage.title, i18n.language) || splitRef(outage.ref).name;
  const services = (outage: OutageView) =>
    (outage.services ?? []).map((each, index) => (
      <span key={each.ref}>
        {index > 0 && ", "}
        <RefLink to={each.ref} title={each.title} />
      </span>
    ));
  return (
    <>
      {open.length > 0 && (
        <Panel id="open" title={t("record.open")} flush>
          <ul className={css.outages}>
            {open.map((outage) => (
              <li key={outage.ref}>
                <div>
                  <RefLink to={outage.ref} title={outage.title} />
                  <div className={css.soft}>
                    {t("record.since", { time: formatInstant(outage.start, i18n.language, zone) })}
                    {(outage.services?.length ?? 0) > 0 && <> · {services(outage)}</>}
                  </div>
                </div>
                {recording.record && (
                  <Button size="compact-sm" onClick={() => setEnding(outage)}>
                    {t("record.upAgain")}
                    <span className="visually-hidden"> {titleOf(outage)}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {unstudied.length > 0 && (
        <Panel id="reviews" title={t("record.reviews")} lead={t("record.reviewsLead")} flush>
          <ul className={css.outages}>
            {unstudied.map((outage) => (
              <li key={outage.ref}>
                <div>
                  <RefLink to={outage.ref} title={outage.title} />
                  <div className={css.soft}>
                    {t("record.ended", { time: formatInstant(outage.end ?? "", i18n.language, zone) })} ·{" "}
                    {outage.planned
                      ? t("record.reviewPlanned", { date: formatDate(outage.planned, i18n.language) })
                      : t("record.reviewDue", { date: formatDate(outage.reviewDue ?? "", i18n.language) })}
                  </div>
                </div>
                {recording.review && !outage.planned && (
                  <Button size="compact-sm" variant="default" onClick={() => setPlanning(outage)}>
                    {t("record.planReview")}
                    <span className="visually-hidden"> {titleOf(outage)}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {ending && <EndDialog outage={ending} title={titleOf(ending)} recording={recording} onClose={() => setEnding(null)} />}
      {planning && <ReviewDialog outage={planning} title={titleOf(planning)} recording={recording} onClose={() => setPlanning(null)} />}
    </>
  );
}

interface DialogProps {
  outage: OutageView;
  title: string;
  recording: ReadRecording;
  onClose: () => void;
}

function EndDialog({ outage, title, recording, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { zone } = recording;
  const now = timeNow(recording);
  const clockOf = useClock(zone);
  const [end, setEnd] = useState(wallTime(now, zone));
  const [reason, setReason] = useState(t("record.endReason", { title }));
  const [tried, setTried] = useState(false);
  const { save, busy, failure } = useSave(onClose);
  const faults = faultsOf({ start: wallTime(outage.start, zone), end, reason }, { zone, now, needsEnd: true, mayLieAhead: false });
  const fault = (field: string) => (tried ? faults.find((each) => each.field === field)?.fault : undefined);
  const atEnd = fault("end") ? t(`record.fault.${fault("end")!}`) : errorAt(failure, "/spec/end");
  return (
    <Modal opened onClose={onClose} title={t("record.endTitle", { title })} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (faults.length === 0) void save(t("record.endChange", { title }), reason, [ended(outage, end, zone)]);
        }}
      >
        <Stack>
          <TextInput
            type="datetime-local"
            label={t("record.end")}
            description={clockOf(end)}
            value={end}
            onChange={(event) => setEnd(event.currentTarget.value)}
            error={atEnd}
            required
            data-autofocus
          />
          <Textarea
            label={t("save.why")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={fault("reason") && t("record.fault.reason")}
            autosize
            minRows={2}
            required
          />
          {failure !== null && !atEnd && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("record.upAgain")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ReviewDialog({ outage, title, recording, onClose }: DialogProps) {
  const { t } = useTranslation();
  const today = wallTime(timeNow(recording), recording.zone).slice(0, 10);
  const suggested = outage.reviewDue && outage.reviewDue > today ? outage.reviewDue : addDays(today, 1);
  const [day, setDay] = useState(suggested);
  const { save, busy, failure } = useSave(onClose);
  const wrong = day < today ? t("record.fault.past") : errorAt(failure, "/spec/planned");
  const what = t("record.reviewOf", { title });
  return (
    <Modal opened onClose={onClose} title={what} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (day >= today) void save(what, t("record.reviewReason", { title }), [review(outage, what, day)]);
        }}
      >
        <Stack>
          <TextInput
            type="date"
            label={t("record.reviewDay")}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={wrong}
            required
            data-autofocus
          />
          {failure !== null && !wrong && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!day}>
              {t("record.planReviewDo")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
