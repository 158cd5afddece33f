import { ActionIcon, Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useModel, useRefresh, useResource } from "../../api/queries";
import type { ObjectView } from "../../api/types";
import { formatDate } from "../../format/format";
import { localText, splitRef, typeset } from "../../format/text";
import { Awaited, Page, Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { RefPicker } from "../../parts/RefPicker";
import { ReportMenu } from "../../parts/ReportMenu";
import { ActionForm, ActionTable } from "./ReviewActions";
import css from "./Reviews.module.css";
import { byTopic, draftOf, minutesOf, type ReviewDraft, type ReviewSheet } from "./reviews";

/** One review, from its agenda to the last action. */
export function ReviewPage() {
  const { name = "" } = useSearch({ strict: false }) as { name?: string };
  const query = useResource<ReviewSheet>(`/service-levels/reviews/${name}`);
  return (
    <Awaited query={query} lines={12} page>
      {(data) => <KnownReview data={data} name={name} />}
    </Awaited>
  );
}

function KnownReview({ data, name }: { data: ReviewSheet; name: string }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [draft, setDraft] = useState<ReviewDraft>(() => draftOf(data));
  useEffect(() => setDraft(draftOf(data)), [data]);
  const change = (part: Partial<ReviewDraft>) => setDraft((was) => ({ ...was, ...part }));
  const save = useMutation({
    mutationFn: () => api.put<{ seq: number }>(`/service-levels/reviews/${name}`, minutesOf(data, draft)),
    onSuccess: (made) => refresh(made.seq),
  });
  const day = (text?: string) => (text ? formatDate(text, i18n.language) : "");
  return (
    <Page
      above={<Link to="/service-levels/reviews">{t("review.title")}</Link>}
      title={localText(data.title, i18n.language)}
      lead={[
        data.typeText,
        data.held ? t("review.heldOn", { date: day(data.held) }) : data.planned ? t("review.plannedOn", { date: day(data.planned) }) : "",
        data.next ? t("review.nextDue", { date: day(data.next) }) : "",
      ]
        .filter(Boolean)
        .join(" · ")}
      actions={<ReportMenu path={`review/${name}`} label={data.held ? t("review.printMinutes") : t("review.printAgenda")} />}
    >
      <p className={css.refs}>
        {data.about.map((each) => (
          <RefLink key={each.ref} to={each.ref} title={each.title} />
        ))}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Panel id="agenda" title={t("review.agenda")} lead={data.since ? t("review.since", { date: day(data.since) }) : undefined}>
          <Agenda data={data} draft={draft} change={change} />
        </Panel>
        <Panel id="minutes" title={t("review.minutes")}>
          <Minutes data={data} draft={draft} change={change} />
          {data.mayEdit && (
            <div style={{ marginTop: 18 }}>
              <Button type="submit" loading={save.isPending}>
                {t("review.save")}
              </Button>
            </div>
          )}
          {save.error && <ProblemView problem={save.error} />}
        </Panel>
      </form>
      <Panel id="actions" title={t("review.actions")} flush>
        <ActionTable actions={data.actions} today={data.today} />
        {data.mayEdit && <ActionForm review={name} />}
      </Panel>
      {data.measures.length > 0 && <Measures data={data} />}
    </Page>
  );
}

interface PartProps {
  data: ReviewSheet;
  draft: ReviewDraft;
  change: (part: Partial<ReviewDraft>) => void;
}

/** The points to talk about, each with what was said. */
function Agenda({ data, draft, change }: PartProps) {
  const { t, i18n } = useTranslation();
  return (
    <>
      {byTopic(data.agenda).map(({ topic, points }) => (
        <section key={topic} aria-label={topic}>
          <h3 className={css.topic}>{topic}</h3>
          <ul className={css.points}>
            {points.map((point) => (
              <li key={point.name}>
                {typeset(point.text, i18n.language)}
                {point.refs && point.refs.length > 0 && (
                  <div className={css.refs}>
                    {point.refs.map((each) => (
                      <RefLink key={each.ref} to={each.ref} title={each.title} />
                    ))}
                  </div>
                )}
                {data.mayEdit ? (
                  <Textarea
                    autosize
                    minRows={1}
                    placeholder={t("review.said")}
                    aria-label={t("review.saidOf", { point: point.text })}
                    value={draft.said[point.name] ?? ""}
                    onChange={(event) => change({ said: { ...draft.said, [point.name]: event.currentTarget.value } })}
                  />
                ) : (
                  point.said && <p className={css.soft}>{point.said}</p>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {data.mayEdit && (
        <>
          {draft.extra.map((each, index) => (
            <div key={index} className={css.row}>
              <TextInput
                label={t("review.point")}
                value={each.text}
                onChange={(event) =>
                  change({ extra: draft.extra.map((was, at) => (at === index ? { ...was, text: event.currentTarget.value } : was)) })
                }
              />
            </div>
          ))}
          <Button size="compact-sm" variant="default" mt="sm" onClick={() => change({ extra: [...draft.extra, { text: "", said: "" }] })}>
            {t("review.addPoint")}
          </Button>
        </>
      )}
    </>
  );
}

/** Day, people, minutes and decisions. */
function Minutes({ data, draft, change }: PartProps) {
  const { t } = useTranslation();
  if (!data.mayEdit) {
    return (
      <>
        <p style={{ whiteSpace: "pre-wrap" }}>{data.minutes || t("review.noMinutes")}</p>
        <ul>
          {data.decisions.map((each, index) => (
            <li key={index}>{each.text}</li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      <div className={css.form} style={{ padding: 0 }}>
        <TextInput type="date" label={t("review.plannedFor")} value={draft.planned} onChange={(event) => change({ planned: event.currentTarget.value })} />
        <TextInput
          type="date"
          label={t("review.held")}
          description={t("review.heldHelp")}
          max={data.today}
          value={draft.held}
          onChange={(event) => change({ held: event.currentTarget.value })}
        />
      </div>
      <h3 className={css.topic}>{t("review.people")}</h3>
      <ul className={css.points}>
        {draft.attendees.map((ref) => (
          <li key={ref} className={css.row}>
            <Attendee data={data} to={ref} />
            <ActionIcon
              variant="default"
              aria-label={t("review.removePerson", { person: splitRef(ref).name })}
              onClick={() => change({ attendees: draft.attendees.filter((each) => each !== ref) })}
            >
              <X size={14} aria-hidden="true" />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <RefPicker
        labelled
        label={t("review.addPerson")}
        kinds={["person"]}
        value={undefined}
        onChange={(ref) => ref && !draft.attendees.includes(ref) && change({ attendees: [...draft.attendees, ref] })}
      />
      <Textarea
        label={t("review.minutes")}
        autosize
        minRows={4}
        mt="sm"
        value={draft.minutes}
        onChange={(event) => change({ minutes: event.currentTarget.value })}
      />
      <h3 className={css.topic}>{t("review.decisions")}</h3>
      {draft.decisions.map((each, index) => (
        <div key={index} className={css.row}>
          <TextInput
            aria-label={t("review.decision", { number: index + 1 })}
            value={each.text}
            onChange={(event) =>
              change({ decisions: draft.decisions.map((was, at) => (at === index ? { ...was, text: event.currentTarget.value } : was)) })
            }
          />
          <ActionIcon
            size={36}
            variant="default"
            aria-label={t("review.removeDecision", { number: index + 1 })}
            onClick={() => change({ decisions: draft.decisions.filter((_, at) => at !== index) })}
          >
            <X size={14} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-sm" variant="default" onClick={() => change({ decisions: [...draft.decisions, { text: "" }] })}>
        {t("review.addDecision")}
      </Button>
    </>
  );
}

/** Somebody who is invited or was there, by the name that people know. */
function Attendee({ data, to }: { data: ReviewSheet; to: string }) {
  const known = data.attendees.find((each) => each.ref === to);
  const { kind, name } = splitRef(to);
  const query = useModel<ObjectView>(known ? null : `/objects/${kind}/${name}`);
  return <RefLink to={to} title={known?.title ?? query.data?.document.metadata.title} />;
}

function Measures({ data }: { data: ReviewSheet }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel id="measures" title={t("review.measures")} flush>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={t("review.measures")}>
        <table className={css.table}>
          <caption className="visually-hidden">{t("review.measures")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("review.figure")}</th>
              <th scope="col">{t("review.value")}</th>
              <th scope="col">{t("review.state")}</th>
            </tr>
          </thead>
          <tbody>
            {data.measures.map((each, index) => (
              <tr key={index}>
                <th scope="row">{typeset(each.name, i18n.language)}</th>
                <td className={css.whole}>{typeset(each.value, i18n.language)}</td>
                <td className={each.missed ? css.late : undefined}>{t(each.missed ? "review.missed" : "review.kept")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
