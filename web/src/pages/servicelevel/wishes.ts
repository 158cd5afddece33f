import type { Mark, Named, Ref, ServerTable } from "../../api/types";
import type { Bundle } from "../availability/AdvicePanel";

export const PRIORITIES = ["P1", "P2", "P3"] as const;
export const WINDOWS = ["month", "quarter", "year", "rolling-7d", "rolling-28d", "rolling-30d", "rolling-90d"] as const;

/** What a customer wants, as it stands in the address of the page: plain text, names of objects without their kind. */
export interface Wishes {
  service?: string;
  customer?: string;
  hours?: string;
  availability?: string;
  window?: string;
  /** P1=15m,P2=1h */
  respond?: string;
  restore?: string;
  share?: string;
  rto?: string;
  rpo?: string;
  throughput?: string;
  response?: string;
  maintenance?: string;
  fee?: string;
}

export const FIELDS = [
  "service",
  "customer",
  "hours",
  "availability",
  "window",
  "respond",
  "restore",
  "share",
  "rto",
  "rpo",
  "throughput",
  "response",
  "maintenance",
  "fee",
] as const satisfies (keyof Wishes)[];

/** Reads the wishes from the address. */
export function readWishes(search: Record<string, string | undefined>): Wishes {
  const wishes: Wishes = {};
  for (const field of FIELDS) if (search[field]) wishes[field] = search[field];
  return wishes;
}

/** "P1=4h,P2=8h" by priority. */
export function readTimes(text: string | undefined): Record<string, string> {
  const times: Record<string, string> = {};
  for (const part of (text ?? "").split(",")) {
    const at = part.indexOf("=");
    if (at > 0) times[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return times;
}

export function writeTimes(times: Record<string, string>): string | undefined {
  const list = Object.entries(times)
    .filter(([, within]) => within.trim() !== "")
    .map(([priority, within]) => `${priority}=${within.trim().replace(/,/g, ".")}`);
  return list.length > 0 ? list.join(",") : undefined;
}

function percent(text: string | undefined): string | undefined {
  if (!text?.trim()) return undefined;
  return /%\s*$/.test(text) ? text.trim() : `${text.trim()}%`;
}

/** The question that the server understands; null while no service is chosen. */
export function questionOf(wishes: Wishes): Record<string, unknown> | null {
  if (!wishes.service) return null;
  const times = (text: string | undefined) =>
    Object.entries(readTimes(text)).map(([priority, within]) => ({ priority, within }));
  return {
    service: wishes.service,
    customer: wishes.customer,
    hours: wishes.hours,
    availability: percent(wishes.availability),
    window: wishes.window || "month",
    respond: times(wishes.respond),
    restore: times(wishes.restore),
    share: percent(wishes.share),
    rto: wishes.rto,
    rpo: wishes.rpo,
    throughput: wishes.throughput,
    responseTime: wishes.response,
    maintenanceExcluded: wishes.maintenance === "1" || undefined,
    fee: wishes.fee,
  };
}

/** The wish that a target of the answer came from, with another value in it. */
export function withBest(wishes: Wishes, id: string, value: string): Partial<Wishes> {
  const [kind, ...rest] = id.split("-");
  switch (id) {
    case "availability":
      return { availability: value.replace(/%$/, "") };
    case "recovery-time":
      return { rto: value };
    case "recovery-point":
      return { rpo: value };
    case "throughput":
      return { throughput: value };
  }
  if (kind === "respond" || kind === "restore") {
    const times = readTimes(wishes[kind]);
    const wanted = rest.join("-");
    const priority = Object.keys(times).find((each) => each.toLowerCase() === wanted) ?? wanted.toUpperCase();
    return { [kind]: writeTimes({ ...times, [priority]: value }) };
  }
  return {};
}

export type Outcome = "can" | "risky" | "cannot" | "open" | "";

export interface Link {
  by: Named;
  kind: string;
  promise?: Named;
  what?: string;
  value?: string;
  hours?: Named;
  outside?: string;
  from?: string;
  to?: string;
  works?: string;
  waited?: string;
  fails: boolean;
  first: boolean;
  short?: string;
  start: number;
  length: number;
  work: number;
}

export interface Composed {
  id: string;
  label: string;
  text: string;
  keeps?: boolean;
  formula: string;
  figure?: string;
  subject: Ref;
}

export interface Chain {
  service: Named;
  target: string;
  metric: string;
  label: string;
  promised: string;
  hours?: Named;
  verdict: "covered" | "uncovered" | "unknown";
  word: string;
  mark: Mark;
  sentence: string;
  needs: { of: Named; value: string; word: string; mark: Mark }[] | null;
  links: Link[] | null;
  values: Composed[] | null;
  lacking: Named[] | null;
}

export interface Chains {
  of: Named;
  sentence: string;
  chains: Chain[] | null;
  table: ServerTable;
}

export interface Wish extends Chain {
  id: string;
  outcome: Outcome;
  computed: string;
  best: string;
  value: string;
  risk?: { miss: number; text: string; sentence: string; formula: string; credit?: string };
  levers: { kind: string; by: Named; text: string; reaches: boolean }[] | null;
}

export interface Answer {
  service: Named;
  customer?: Named;
  outcome: Outcome;
  word: string;
  mark: Mark;
  sentence: string;
  hours?: { calendar: Named; typed: boolean; outcome: Outcome; word: string; mark: Mark; sentence: string; by: Named[] | null };
  wishes: Wish[] | null;
  conflicts: { agreement: Named; text: string; mark: Mark }[] | null;
  advice?: { sentence: string; proven: boolean; bundles: Bundle[] | null; changes: { of: Named; text: string; reaches: boolean }[] | null };
  table: ServerTable;
}
