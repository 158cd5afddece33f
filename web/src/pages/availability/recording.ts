import type { Document, Named, Put, Ref } from "../../api/types";
import { instantOf } from "../../format/zone";
import { slug, splitRef } from "../../format/text";

/** Something that is down, with the services that an outage of it hits. */
export interface DownCause extends Named {
  /** It can be the cause of an outage. */
  cause: boolean;
  /** It can be worked on by a maintenance. */
  planned: boolean;
  services: Named[] | null;
}

export interface OutageView extends Named {
  version: number;
  document: Document;
  cause?: Named;
  start: string;
  end?: string;
  services: Named[] | null;
  derived: boolean;
  /** Day for which its review is planned. */
  planned?: string;
  reviewDue?: string;
}

/** What recording an interruption starts from. */
export interface Recording {
  now: string;
  zone: string;
  record: boolean;
  plan: boolean;
  review: boolean;
  down: DownCause[] | null;
  open: OutageView[] | null;
  unstudied: OutageView[] | null;
}
/** With the moment at which the browser read it. */
export type ReadRecording = Recording & { readAt: number };

/** The time that it is by the server's clock, however long the page has been open. */
export function timeNow(recording: ReadRecording): string {
  return new Date(Date.parse(recording.now) + Date.now() - recording.readAt).toISOString();
}

/** What is said of an interruption; times are those of the organisation's wall clock. */
export interface Said {
  title: string;
  start: string;
  end: string;
  /** Day on which planned work was announced. */
  announced: string;
  stops: boolean;
  /** Services that the design says are hit, but were not. */
  spared: Ref[];
  /** Services hit that the design does not say. */
  added: Ref[];
}

function document(kind: string, name: string, title: string, spec: Record<string, unknown>): Document {
  return { apiVersion: "diapason/v1", kind, metadata: { name, title }, spec };
}

/** "dicom-router-2027-03-12-0905": what it is about and when it began. */
function nameOf(about: Ref, start: string): string {
  const moment = start.replace("T", "-").replace(":", "");
  return `${slug(splitRef(about).name).slice(0, 62 - moment.length)}-${moment}`;
}

/**
 * One outage for each cause. Where the services are those that the design says, they
 * are left to it, so that they follow the design; those that were spared are named.
 */
export function outages(causes: DownCause[], said: Said, zone: string, titleOf: (cause: DownCause) => string): Put[] {
  const list = causes.filter((cause) => cause.cause);
  return list.map((cause) => {
    const derived = (cause.services ?? []).map((each) => each.ref);
    const spared = derived.filter((ref) => said.spared.includes(ref));
    const hits = [...new Set([...derived.filter((ref) => !spared.includes(ref)), ...said.added])];
    const spec: Record<string, unknown> = { start: instantOf(said.start, zone), cause: cause.ref };
    if ((list.length > 1 || said.added.length > 0) && hits.length > 0) spec.hits = hits;
    if (spared.length > 0) spec.spared = spared;
    const title = list.length > 1 ? `${said.title} (${titleOf(cause)})` : said.title;
    return { document: document("Outage", nameOf(cause.ref, said.start), title, spec), expect: 0 };
  });
}

/** Planned work on everything that it can be about. */
export function maintenance(causes: DownCause[], said: Said, zone: string): Put[] {
  const on = causes.filter((cause) => cause.planned).map((cause) => cause.ref);
  if (on.length === 0) return [];
  const spec: Record<string, unknown> = { on, start: instantOf(said.start, zone), end: instantOf(said.end, zone) };
  if (said.announced) spec.announced = said.announced;
  if (said.stops) spec.stops = true;
  return [{ document: document("Maintenance", nameOf(on[0]!, said.start), said.title, spec), expect: 0 }];
}

/** The outage with its end. */
export function ended(outage: OutageView, end: string, zone: string): Put {
  return {
    document: { ...outage.document, spec: { ...outage.document.spec, end: instantOf(end, zone) } },
    expect: outage.version,
  };
}

/** The review of an outage, planned for a day. */
export function review(outage: OutageView, title: string, day: string): Put {
  return {
    document: document("Review", `review-${splitRef(outage.ref).name}`.slice(0, 63).replace(/-$/, ""), title, {
      type: "outage",
      about: [outage.ref],
      planned: day,
    }),
    expect: 0,
  };
}

export type Fault = "title" | "long" | "start" | "end" | "order" | "future" | "reason";

/** How many characters a title may have; the server refuses more. */
export const LONGEST_TITLE = 255;

/** What is wrong with what is said, by field; nothing where all of it can be saved. */
export function faultsOf(
  said: Pick<Said, "start" | "end"> & { title?: string; reason: string },
  { zone, now, needsEnd, mayLieAhead }: { zone: string; now: string; needsEnd: boolean; mayLieAhead: boolean },
): { field: "title" | "start" | "end" | "reason"; fault: Fault }[] {
  const list: { field: "title" | "start" | "end" | "reason"; fault: Fault }[] = [];
  const start = Date.parse(instantOf(said.start, zone) ?? "");
  const end = Date.parse(instantOf(said.end, zone) ?? "");
  if (said.title !== undefined && said.title.trim() === "") list.push({ field: "title", fault: "title" });
  if ([...(said.title ?? "").trim()].length > LONGEST_TITLE) list.push({ field: "title", fault: "long" });
  if (Number.isNaN(start)) list.push({ field: "start", fault: "start" });
  else if (!mayLieAhead && start > Date.parse(now) + 60_000) list.push({ field: "start", fault: "future" });
  if (needsEnd && Number.isNaN(end)) list.push({ field: "end", fault: "end" });
  else if (end <= start) list.push({ field: "end", fault: "order" });
  else if (!mayLieAhead && end > Date.parse(now) + 60_000) list.push({ field: "end", fault: "future" });
  if (said.reason.trim() === "") list.push({ field: "reason", fault: "reason" });
  return list;
}
