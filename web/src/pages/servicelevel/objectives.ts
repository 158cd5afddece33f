import type { Mark, Named } from "../../api/types";

/** A window of a promise. */
export interface ObjectiveWindow {
  period?: string;
  label: string;
  from: string;
  until: string;
  counted?: string;
}

export interface Budget {
  allowed: string;
  used: string;
  left: string;
  spent: number;
  burn?: number;
  recent?: number;
}

/** A window that is over. */
export interface Closed {
  period?: string;
  label: string;
  attained?: string;
  mark: Mark;
  declared?: boolean;
  sealed?: string;
}

/** How one promise stands; texts are in the reader's language. */
export interface Objective {
  id: string;
  of: Named;
  customer?: Named;
  service: Named;
  target: string;
  label: string;
  promised: string;
  basis: "evidence" | "cases" | "declared" | "none";
  basisText: string;
  mark: Mark;
  window: ObjectiveWindow;
  attained?: string;
  coverage?: string;
  verdict: "kept" | "missed" | "unknown";
  cases?: string;
  budget?: Budget;
  forecast?: string;
  breach?: string;
  provisional?: string;
  yields?: string;
  credit?: string;
  trend: Closed[];
}

export interface ObjectiveList {
  items: Objective[];
  total: number;
  next?: string;
  counts: Record<Mark, number>;
  at: string;
}

export interface ObjectiveDay {
  date: string;
  attained?: string;
  good: string;
  bad: string;
  unknown: string;
  lost: number;
  mark: Mark;
}

/** What attained, coverage and budget are computed from. */
export interface Working {
  agreed: string;
  excluded: string;
  counted: string;
  good: string;
  bad: string;
  unknown: string;
  treatment: "excluded" | "up" | "down";
  target: string;
  totalEvents?: string;
  goodEvents?: string;
}

/** A stretch of counted time. */
export interface Stretch {
  from: string;
  until: string;
  length: string;
}

/** Time that is left out, or why it is not. */
export interface LeftOut {
  id?: number;
  mayChange?: boolean;
  from: string;
  until: string;
  kind: string;
  holds: boolean;
  standing: string;
  announced?: string;
  by?: Named;
  author?: string;
  reason?: string;
}

export interface ObjectiveSheet extends Objective {
  predicted?: string;
  source?: Named;
  series?: string;
  hours?: Named;
  zone: string;
  method?: string;
  days: ObjectiveDay[];
  working?: Working;
  interruptions: Stretch[];
  unseen: Stretch[];
  excluded: LeftOut[];
  corrections: { date: string; revision: number; author: string; reason?: string; at: string }[];
  maySeal: boolean;
  mayCorrect: boolean;
  mayExclude: boolean;
  mayDeclare: boolean;
  declaredIn?: string;
}

export interface Seal {
  hash: string;
  seq: number;
  agreement: string;
  period: string;
  interim: boolean;
  at: string;
  author?: string;
  superseded: boolean;
}

export interface Verification {
  holds: boolean;
  sentence: string;
  checks: { name: string; passed: boolean; text: string }[];
}

/** Evidence of one day, minute by minute. */
export interface Evidence {
  days: {
    date: string;
    revision: number;
    at: string;
    engine?: string;
    author?: string;
    reason?: string;
    provisional?: boolean;
    intervals: { from: string; until: string; state: "good" | "bad" | "unknown"; good?: number; total?: number }[];
  }[];
}
