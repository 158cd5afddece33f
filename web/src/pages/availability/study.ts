import type { Named, ServerTable } from "../../api/types";

/** An availability in words, as a ratio, and in minutes of interruption in a mean month. */
export interface Level {
  text: string;
  ratio: number;
  minutes: number;
  month: string;
}

export interface Cause extends Partial<Named> {
  category: string;
  label: string;
  minutes: number;
  text: string;
  share: number;
  single: boolean;
}

export interface Interruption extends Named {
  cause: Named;
  start: string;
  end: string;
  minutes: number;
  text: string;
  open: boolean;
  controlled: boolean;
  derived: boolean;
}

/** The availability of a service as one promise has it measured. */
export interface Measured {
  agreement: Named;
  customer?: Named;
  objective: string;
  promised: string;
  attained?: string;
  coverage?: string;
  window: string;
  basis: "evidence" | "cases" | "declared" | "none";
  mark: string;
  sentence: string;
}

/** One service as availability management sees it. */
export interface Study {
  service: Named;
  sentence: string;
  exact: boolean;
  promised?: Level;
  agreement?: Named;
  predicted?: Level;
  bounds?: [Level, Level];
  uncertainty?: { low: Level; median: Level; high: Level; samples: number; sentence: string };
  recorded?: Level;
  recordedSince?: string;
  /** What promises of availability have measured: the strictest promise comes first. */
  measured: Measured[] | null;
  times: { id: string; label: string; predicted?: string; recorded?: string; interval?: string }[] | null;
  causes: Cause[] | null;
  cutSets: {
    count: string;
    byOrder: string[] | null;
    complete: boolean;
    list: { of: Named[] | null; minutes: number; text: string }[] | null;
  };
  interruptions: Interruption[] | null;
  tables: ServerTable[] | null;
  missing: Named[] | null;
  /** Where the load takes more than is declared, and where those who restore are busy. */
  notes: string[] | null;
}

/** One single point of failure with what falls when it fails. */
export interface Rank extends Named {
  kind: string;
  label: string;
  services: Named[] | null;
  weight: number;
  minutes: number;
  text: string;
  broken: number;
}

/** The whole organisation as availability management sees it. */
export interface Ranking {
  sentence: string;
  ranks: Rank[] | null;
  ranking: ServerTable;
  matrix: ServerTable;
}
