import type { Attachment, LocalText, Named, Ref } from "./types";

/** One thing that concerns the reader; its text is in his language. */
export interface Notice {
  id: string;
  kind: "submission" | "publication" | "refusal" | "withdrawal" | "questionnaire" | "alert" | "finding" | "date";
  text: string;
  ref: Ref;
  title: LocalText;
  date?: string;
  unread: boolean;
}

/** What concerns the reader, the new things first. */
export interface Notices {
  items: Notice[] | null;
  unread: number;
  /** Sent back to mark all of it as read. */
  seq: number;
}

/** A promise with the latest figures on it, rendered in the reader's language. */
export interface AgreedTarget {
  label: string;
  promised: string;
  measured?: string;
  period?: string;
  missed?: boolean;
}

export interface Agreed extends Named {
  phase: "coming" | "running" | "ended";
  from?: string;
  until?: string;
  noticeBy?: string;
  covers: Named[] | null;
  hours?: Named;
  targets: AgreedTarget[] | null;
  files: Attachment[] | null;
}

/** What is agreed with the customer or supplier that the reader speaks for. */
export interface Counterpart {
  parties: Named[] | null;
  agreed: Agreed[] | null;
  services: (Named & { state: string; catalogue: boolean })[] | null;
  reviews: (Named & { held?: string; planned?: string; minutes?: string })[] | null;
  asked: { title: LocalText; due?: string; overdue: boolean; review: Named }[] | null;
}

/** What the reader can do with a list, sent with it. */
export interface ListRights {
  create: boolean;
  export: boolean;
  findings: boolean;
}
