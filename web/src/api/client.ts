import type { Conflict, Finding } from "./types";

/** One query parameter; absent values are left out of the address. */
export type QueryValue = string | number | boolean | string[] | null | undefined;
export type Query = Record<string, QueryValue>;

export interface FieldError {
  field?: string;
  file?: string;
  line?: number;
  column?: number;
  message: string;
  hint?: string;
}

/**
 * An answer that the server refused, after RFC 9457. `detail` is already in the
 * reader's language; `code` is stable and meant for decisions in this code.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly conflicts: Conflict[];
  readonly findings: Finding[];

  constructor(status: number, body: Partial<Problem> & Record<string, unknown>) {
    const title = typeof body.title === "string" ? body.title : "";
    const detail = typeof body.detail === "string" ? body.detail : "";
    super(detail || title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = typeof body.code === "string" ? body.code : "";
    this.title = title;
    this.detail = detail;
    this.errors = normaliseErrors(body.errors);
    this.conflicts = Array.isArray(body.conflicts) ? (body.conflicts as Conflict[]) : [];
    this.findings = Array.isArray(body.findings)
      ? (body.findings as unknown[]).filter((each): each is Finding => typeof each === "object" && each !== null)
      : [];
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

function normaliseErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.map((each) => {
    const record = each as Record<string, unknown>;
    return {
      ...record,
      field: (record.field ?? record.pointer ?? record.location) as string | undefined,
      message: String(record.message ?? ""),
    } as FieldError;
  });
}

let language = "en";

/** Sets the language in which the server renders texts. */
export function setApiLanguage(value: string) {
  language = value;
}

/** Builds a query string; empty when no parameter has a value. */
export function queryString(query?: Query): string {
  if (!query) return "";
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) for (const each of value) parameters.append(key, each);
    else parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : "";
}

export interface CallOptions {
  query?: Query;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

/** Calls the API and returns the decoded answer; throws Problem or Unreachable. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  let body: BodyInit | undefined;
  if (options.form) body = options.form;
  else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${queryString(options.query)}`, {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw new Unreachable();
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  let decoded: unknown;
  try {
    decoded = text ? JSON.parse(text) : undefined;
  } catch {
    decoded = undefined;
  }
  if (!response.ok) throw new Problem(response.status, (decoded ?? {}) as Record<string, unknown>);
  return decoded as T;
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", path, { query, signal }),
  post: <T>(path: string, body?: unknown, query?: Query, signal?: AbortSignal) =>
    call<T>("POST", path, { body: body ?? {}, query, signal }),
  put: <T>(path: string, body: unknown) => call<T>("PUT", path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>("PATCH", path, { body }),
  delete: <T>(path: string) => call<T>("DELETE", path),
  upload: <T>(path: string, form: FormData, query?: Query) => call<T>("POST", path, { form, query }),
};
