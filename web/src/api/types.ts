/**
 * Shapes of the REST API under /api/v1, written after its description. A text
 * that the reader sees in his own language is a LocalText; a reference is
 * "kind-slug/name".
 */

export type Language = "en" | "fr";
export type LocalText = string | Partial<Record<Language, string>> | null | undefined;
export type Ref = string;

export type Role =
  | "service-owner"
  | "design-coordinator"
  | "catalogue-manager"
  | "service-level-manager"
  | "availability-manager"
  | "capacity-manager"
  | "continuity-manager"
  | "security-manager"
  | "supplier-manager"
  | "customer-representative"
  | "supplier-contact"
  | "auditor"
  | "administrator";

export const ROLES: Role[] = [
  "service-owner",
  "design-coordinator",
  "catalogue-manager",
  "service-level-manager",
  "availability-manager",
  "capacity-manager",
  "continuity-manager",
  "security-manager",
  "supplier-manager",
  "customer-representative",
  "supplier-contact",
  "auditor",
  "administrator",
];

/** The eight processes of service design, in the order of the mission. */
export const PROCESSES = [
  "coordination",
  "catalogue",
  "servicelevel",
  "availability",
  "capacity",
  "continuity",
  "security",
  "supplier",
] as const;
export type Process = (typeof PROCESSES)[number];

export const STAGES = ["requirement", "design", "build", "transition", "live", "retiring", "retired"] as const;
export type Stage = (typeof STAGES)[number];

export interface Account {
  id: string;
  login: string;
  name: string;
  language?: Language;
  roles: Role[];
  /** Roles with their scope where they have one: "service-owner@service/payroll". */
  grants?: string[];
  customer?: Ref | null;
  person?: Ref | null;
  active?: boolean;
  /** No password has been set yet. */
  pending?: boolean;
}

export interface Session {
  account: Account | null;
  organisation: {
    title: LocalText;
    languages: Language[];
    zone?: string;
    currency?: string;
    color?: string;
    /** What reads well on the colour. */
    onColor?: string;
    logo?: string;
  };
  today: string;
  head: number;
  /** No administrator exists yet. */
  firstRun: boolean;
  /** The model holds nothing yet. */
  empty?: boolean;
  example: boolean;
  /** The walk-through of service levels: it can be started, or is here. */
  walkthrough?: "offered" | "here";
  /** Accounts that a visitor of the example may step into, while nobody is signed in. */
  exampleAccounts?: { login: string; name: string; roles: Role[] }[] | null;
  version: string;
}

export type FieldType =
  | "text"
  | "localtext"
  | "markdown"
  | "boolean"
  | "integer"
  | "number"
  | "enum"
  | "ref"
  | "date"
  | "datetime"
  | "time"
  | "duration"
  | "period"
  | "availability"
  | "percent"
  | "money"
  | "quantity"
  | "list"
  | "record"
  | "dependency";

export interface Choice {
  value: string;
  label: LocalText;
}

export interface Field {
  name: string;
  label: LocalText;
  help?: LocalText;
  type: FieldType;
  required?: boolean;
  material?: boolean;
  key?: boolean;
  refs?: string[] | null;
  enum?: Choice[] | null;
  item?: Field | null;
  fields?: Field[] | null;
  unit?: string;
}

export type P = "people" | "processes" | "products" | "partners" | "facts" | "organisation";
export const PS: P[] = ["people", "processes", "products", "partners", "facts", "organisation"];

export interface Kind {
  name: string;
  slug: string;
  p: P;
  label: LocalText;
  plural: LocalText;
  help?: LocalText;
  fields: Field[];
}

export interface Schema {
  kinds: Kind[];
  /** Fields of the identity that every object has. */
  metadata?: Field[];
  stages?: Choice[];
  statuses?: Choice[];
  severities?: Choice[];
}

export type Severity = "error" | "warning" | "info";
export interface Counts {
  error?: number;
  warning?: number;
  info?: number;
  unknown?: number;
}

export interface Named {
  ref: Ref;
  title: LocalText;
}

export interface Finding {
  id: string;
  rule: string;
  process: Process;
  outcome: "violated" | "unknown";
  severity: Severity;
  subject: Named;
  causes?: Named[] | null;
  hits?: Named[] | null;
  pointer?: string;
  text: string;
  remedy?: string;
  evidence?: { label: string; value: string }[] | null;
  waiver?: { ref: Ref; until: string } | null;
  baseline?: boolean;
}

export interface Summary {
  uid?: string;
  kind: string;
  name: string;
  ref: Ref;
  title: LocalText;
  description?: LocalText;
  owner?: Named | Ref | null;
  version?: number;
  changedAt?: string;
  findings?: Counts;
  fields?: Record<string, unknown> | null;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
  total?: number;
}

export interface Attachment {
  name: string;
  mediaType?: string;
  size?: number;
  hash: string;
}

export interface Document {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    title?: LocalText;
    description?: LocalText;
    labels?: Record<string, string>;
    owner?: Ref;
    attachments?: Attachment[];
    [other: string]: unknown;
  };
  spec: Record<string, unknown>;
}

export interface ObjectView {
  uid?: string;
  ref: Ref;
  version: number;
  document: Document;
  yaml?: string;
  findings?: Finding[] | null;
  references?: { ref: Ref; title: LocalText; field?: string; missing?: boolean }[] | null;
  referencedBy?: { ref: Ref; title: LocalText; field?: string }[] | null;
  permissions?: { edit?: boolean; delete?: boolean; submit?: boolean; publish?: boolean; waive?: boolean; withdraw?: boolean };
}

export interface Change {
  op: "add" | "remove" | "set";
  path: string;
  label?: LocalText;
  before?: unknown;
  after?: unknown;
  ref?: Ref;
  title?: LocalText;
}

export interface Entry {
  seq: number;
  time: string;
  actor?: { id: string; name: string } | null;
  title?: string;
  reason?: string;
  type: string;
  changes?: Change[] | null;
}

export interface Put {
  title?: LocalText;
  new?: boolean;
  document?: Document;
  yaml?: string;
  expect?: number;
  ref?: Ref;
}
export interface Delete {
  ref: Ref;
  expect?: number;
}

export interface Conflict {
  ref: Ref;
  path: string;
  label?: LocalText;
  base?: unknown;
  mine?: unknown;
  theirs?: unknown;
}

export interface Draft {
  id: string;
  title: string;
  author?: { id: string; name: string };
  base?: number;
  head?: number;
  version?: number;
  updated?: string;
  /** How many objects it touches, where the draft is listed without them. */
  count?: number;
  puts?: Put[] | null;
  deletes?: Delete[] | null;
}

export interface Figure {
  subject: Named;
  figure: string;
  label: LocalText;
  /** Rendered in the reader's language; empty while unknown. */
  before?: string;
  after?: string;
  verdict: "better" | "worse" | "same";
}

export interface Assessment {
  findings: { new?: Finding[] | null; worse?: Finding[] | null; resolved?: Finding[] | null; unchanged?: number };
  figures?: Figure[] | null;
  milliseconds?: number;
}

/** ok: no gap; risk: at risk; gap: gap; unknown: not assessed. */
/** "none" is of promises alone: no case fell into the window, nothing was to be judged. */
export type Mark = "ok" | "risk" | "gap" | "unknown" | "none";
export type Marks = Partial<Record<Process, Mark>>;

export interface OverviewService {
  ref: Ref;
  title: LocalText;
  owner?: Named | null;
  criticality?: string;
  availableFrom?: string;
  state?: string;
  stage?: Stage;
  marks?: Marks;
  promiseAtRisk?: Finding | null;
  nextDate?: AheadDate | null;
  findings?: Counts;
}

export interface AheadDate {
  date: string;
  what: string;
  ref?: Ref;
  title?: LocalText;
}

export interface Overview {
  stages: { stage: Stage; services: OverviewService[] | null }[] | null;
  top?: Finding[] | null;
  dates?: AheadDate[] | null;
}

/** A target of an agreement: promise, prediction and measurement side by side, rendered in the reader's language. */
export interface Engagement {
  agreement: Named;
  customer?: Named | null;
  target: string;
  title?: LocalText;
  metric?: string;
  label?: string;
  promised?: string;
  predicted?: string;
  measured?: string;
  period?: string;
  /** The measure was typed by hand. */
  declared?: boolean;
  verdict?: Mark;
  coverage?: string;
  /** The figure that /why explains; empty when there is none. */
  why?: string;
}

export interface Section {
  id: string;
  label: LocalText;
  state: "complete" | "waived" | "missing";
  needed?: boolean;
  proof?: Named[] | null;
}

/** A table whose labels and texts the server has rendered. */
export interface ServerTable {
  id?: string;
  title?: string;
  sentence?: string;
  columns: { key: string; label: string; type?: string }[] | null;
  rows: { ref?: Ref; cells: Record<string, unknown> }[] | null;
}

export interface FourP {
  state: "complete" | "none" | "empty";
  items?: Named[] | null;
  why?: string;
}

export interface Pillar {
  pillar: string;
  label: string;
  required?: number | null;
  assured?: number | null;
  weakest?: Named | null;
}

export interface Publication {
  /** none; published; ahead: the working version differs from the published one. */
  state: "none" | "published" | "ahead";
  at?: string;
  by?: string;
  submission?: { id: string; by: string; at: string; note: string; mine: boolean } | null;
  blocking?: Finding[] | null;
  refusal?: string;
}

export interface Sheet {
  service: OverviewService;
  version?: number;
  description?: LocalText;
  fourPs?: Partial<Record<"people" | "processes" | "products" | "partners", FourP>> | null;
  promises?: Engagement[] | null;
  security?: Pillar[] | null;
  sections?: Section[] | null;
  capacity?: ServerTable;
  continuity?: ServerTable;
  suppliers?: ServerTable;
  documents?: ServerTable;
  findings?: Finding[] | null;
  publication?: Publication | null;
  permissions?: ObjectView["permissions"];
}

export interface Submission {
  id: string;
  service: Named;
  note?: string;
  author: { id: string; name: string };
  at: string;
  blocked?: Finding[] | null;
  /** Submitted by the reader, who therefore cannot decide. */
  mine?: boolean;
}

export interface Why {
  subject: Named;
  figure: string;
  sentence: string;
  value?: string;
  formula?: { name: string; text?: string } | null;
  /** Shares add up to one, the largest first. */
  path?: (Named & { value?: string; share?: number; contribution?: string; single?: boolean })[] | null;
  inputs?: (Named & { pointer?: string; label: string; value?: string; source?: string })[] | null;
  levers?: { text: string; gain?: string; ref?: Ref }[] | null;
  exact?: boolean;
  bounds?: [string, string] | null;
  missing?: Named[] | null;
}

/** "requires", "anyOf", "degrades", or the name of the field that refers. */
export type EdgeType = string;
export interface MapGraph {
  nodes: {
    ref: Ref;
    title: LocalText;
    kind: string;
    stage?: string;
    criticality?: string;
    spofFor?: Ref[] | null;
    status?: Mark;
    depth?: number;
    /** What the draft that the view names does to it. */
    drafted?: "new" | "changed" | "removed";
  }[];
  edges: { from: Ref; to: Ref; type: EdgeType; group?: string; drafted?: "new" | "removed" }[];
  truncated?: boolean;
  /** Single points of failure with the draft and without it. */
  draft?: { singles: number; singlesBefore: number };
  /** The reader may draw on it. */
  draw?: boolean;
}

export interface Impact {
  /** Services that stop. */
  lost?: Named[] | null;
  /** Other objects that stop. */
  others?: Named[] | null;
  degraded?: Named[] | null;
  promises?: { agreement: Named; customer?: Named | null; service?: Named; target?: string; priority?: string; text: string }[] | null;
  /** Groups that lose a member and still hold. */
  alternatives?:
    { holder: Named; lost?: Named[] | null; left?: Named[] | null; working?: number; needed?: number }[] | null;
}

export interface Question {
  id: string;
  question: string;
  answer: string;
  mark?: Mark;
  items?: (Named & { text?: string; date?: string })[] | null;
}

export interface ProcessView {
  questions?: Question[] | null;
  lists?: ServerTable[] | null;
  findings?: Finding[] | null;
  counts?: Counts;
}

export interface MyWork {
  submissions?: Submission[] | null;
  findings?: Finding[] | null;
  dates?: AheadDate[] | null;
  actions?: { ref: Ref; title: LocalText; due?: string; overdue?: boolean }[] | null;
  services?: Named[] | null;
  person?: Named | null;
}

export interface Rule {
  id: string;
  process: Process;
  severity: Severity;
  title: string;
  explanation?: string;
  remedy?: string;
}

export interface ImportPreview {
  rows?: number;
  objects?: number;
  creates?: number;
  updates?: number;
  errors?: { sheet?: string; row?: number; column?: string; message: string }[] | null;
  unknown?: (string | { file?: string; line?: number; column?: number; what?: string; message?: string })[] | null;
  changes?: Change[] | null;
  /** More changes than are listed. */
  more?: boolean;
  /** What a prediction of availability lacks, in words. */
  lacks?: string;
}

export interface SearchResult {
  objects?: Summary[] | null;
  pages?: { title: string; href: string }[] | null;
  actions?: { title: string; href: string }[] | null;
}
