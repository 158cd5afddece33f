import type { LocalText, Named, Ref } from "../../api/types";

/** An agreement or contract with its reviews. */
export interface ReviewDue {
  ref: Ref;
  title: LocalText;
  with?: Named;
  interval?: string;
  last?: string;
  held?: Named;
  planned?: string;
  next?: Named;
  due?: string;
  overdue: boolean;
}

export interface ReviewRow extends Named {
  type: string;
  about: Named[];
  planned?: string;
  held?: string;
  open: number;
  late: number;
}

export type ActionState = "open" | "overdue" | "done";

/** An action that a review asked for. */
export interface ReviewAction extends Named {
  owner?: Named;
  due?: string;
  done?: string;
  state: ActionState;
  review: Named;
  version: number;
  mayEdit: boolean;
}

export interface Reviews {
  on: string;
  agreed: ReviewDue[];
  reviews: ReviewRow[];
  actions: ReviewAction[];
  mayPlan: boolean;
}

export interface AgendaItem {
  name: string;
  topic: string;
  topicText: string;
  text: string;
  said?: string;
  refs?: Named[];
}

export interface Decision {
  name?: string;
  text: string;
  by?: string;
}

/** One review: agenda, who was there, what was said and decided, and its actions. */
export interface ReviewSheet extends Named {
  version: number;
  type: string;
  typeText: string;
  about: Named[];
  planned?: string;
  held?: string;
  since?: string;
  next?: string;
  attendees: Named[];
  agenda: AgendaItem[];
  fresh: boolean;
  minutes: string;
  measures: { name: string; of?: Named; value: string; missed?: boolean }[];
  decisions: Decision[];
  actions: ReviewAction[];
  mayEdit: boolean;
  today: string;
}

/** What is typed of a review, before it is saved. */
export interface ReviewDraft {
  planned: string;
  held: string;
  attendees: Ref[];
  minutes: string;
  said: Record<string, string>;
  extra: { text: string; said: string }[];
  decisions: Decision[];
}

export function draftOf(data: ReviewSheet): ReviewDraft {
  return {
    planned: data.planned ?? "",
    held: data.held ?? "",
    attendees: data.attendees.map((each) => each.ref),
    minutes: data.minutes,
    said: Object.fromEntries(data.agenda.map((each) => [each.name, each.said ?? ""])),
    extra: [],
    decisions: data.decisions,
  };
}

/** What is sent to the server: all of the review, as it is to stand. */
export function minutesOf(data: ReviewSheet, draft: ReviewDraft) {
  return {
    version: data.version,
    planned: draft.planned || undefined,
    held: draft.held || undefined,
    attendees: draft.attendees,
    minutes: draft.minutes,
    agenda: [
      ...data.agenda.map((each) => ({ name: each.name, topic: each.topic, text: each.text, said: draft.said[each.name] ?? "" })),
      ...draft.extra.filter((each) => each.text.trim()).map((each) => ({ topic: "other", text: each.text, said: each.said })),
    ],
    decisions: draft.decisions.filter((each) => each.text.trim()),
  };
}

/** The points of an agenda under their topics, in their order. */
export function byTopic(agenda: AgendaItem[]): { topic: string; points: AgendaItem[] }[] {
  const out: { topic: string; points: AgendaItem[] }[] = [];
  for (const point of agenda) {
    const last = out.at(-1);
    if (last?.topic === point.topicText) last.points.push(point);
    else out.push({ topic: point.topicText, points: [point] });
  }
  return out;
}
