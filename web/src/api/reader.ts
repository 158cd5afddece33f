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
  signed: Signed[] | null;
  /** The party for which the reader may give his visa. */
  maySign?: string;
  version: number;
}

/** A signature of an agreement or contract; texts are in the reader's language. */
export interface Signed {
  party: string;
  by?: string;
  on?: string;
  form?: string;
  scan?: string;
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
