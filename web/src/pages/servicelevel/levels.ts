import type { LocalText, Mark, Named } from "../../api/types";

/** A month of a promise in the sheet services × months. */
export interface LevelCell {
  period: string;
  promised: boolean;
  basis: "evidence" | "cases" | "declared" | "none";
  attained?: string;
  coverage?: string;
  unknown?: string;
  excluded?: string;
  cases?: string;
  mark?: Mark;
  provisional?: boolean;
  declared?: boolean;
  sealed?: string;
  since?: string;
  whole?: string;
}

export interface LevelRow {
  of: Named;
  with?: Named;
  service: Named;
  target: string;
  label: string;
  promised: string;
  zone: string;
  cells: LevelCell[];
}

export interface LevelSheet {
  months: { period: string; label: string }[];
  rows: LevelRow[];
  at: string;
  counts: { kept: number; missed: number; unknown: number; none: number; sealed: number };
}

/** When a report is made by itself, of what, for whom. */
export interface Schedule {
  id?: string;
  title?: string;
  of: string;
  every: "week" | "month" | "quarter" | "year";
  day: number;
  at: string;
  covers: "over" | "running";
  seal?: boolean;
  language: string;
  view?: string;
  format: string;
  to?: string[] | null;
  paused?: boolean;
  author?: string;
}

export interface ReportRun {
  id: string;
  schedule: string;
  title: string;
  period: string;
  due: string;
  state: "waiting" | "running" | "done" | "failed";
  at?: string;
  attempts: number;
  problem?: string;
  name?: string;
  sent?: string[] | null;
  sealed?: boolean;
}

export interface ScheduleView extends Schedule {
  id: string;
  ofTitle: LocalText;
  when: string;
  zone: string;
  next?: string;
  last?: ReportRun;
  authorName?: string;
  mayEdit: boolean;
}

export interface Schedules {
  items: ScheduleView[];
  runs: ReportRun[];
  channels: string[];
  mayEdit: boolean;
}

/** The periods that a pack is offered of: the last months, then the quarters and years that hold them. */
export function periodsUntil(day: string, months = 12): string[] {
  const [year, month] = day.split("-").map(Number) as [number, number];
  const list: string[] = [];
  for (let back = 0; back < months; back++) {
    const at = year * 12 + (month - 1) - back;
    list.push(`${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`);
  }
  const quarters = [...new Set(list.map((each) => `${each.slice(0, 4)}-Q${Math.ceil(Number(each.slice(5)) / 3)}`))];
  const years = [...new Set(list.map((each) => each.slice(0, 4)))];
  return [...list, ...quarters, ...years];
}
