/**
 * Dependency expressions: a reference, {on, for}, {anyOf, takeover} or
 * {atLeast, of}; groups nest.
 */
export interface NeedRecord {
  on?: string;
  for?: string[];
  anyOf?: Need[];
  takeover?: string;
  atLeast?: number;
  of?: Need[];
}
export type Need = string | NeedRecord;

export type NeedShape = "one" | "anyOf" | "atLeast";

export function shapeOf(need: Need | undefined): NeedShape {
  if (need === undefined || typeof need === "string") return "one";
  if (need.anyOf) return "anyOf";
  if (need.of || need.atLeast !== undefined) return "atLeast";
  return "one";
}

/** The object that a single need names; empty while none is chosen. */
export function target(need: Need | undefined): string {
  if (need === undefined) return "";
  return typeof need === "string" ? need : (need.on ?? "");
}

export function phases(need: Need | undefined): string[] {
  return typeof need === "object" ? (need.for ?? []) : [];
}

/** The members of a group; a single need is the one member of itself. */
export function members(need: Need | undefined): Need[] {
  if (need === undefined) return [];
  if (typeof need === "string") return need ? [need] : [];
  return need.anyOf ?? need.of ?? (need.on ? [need.on] : []);
}

/** A single need in its shortest form. */
export function single(on: string, during: string[]): Need {
  return during.length === 0 ? on : { on, for: during };
}

/** The need in another shape, keeping what it refers to. */
export function reshaped(need: Need | undefined, shape: NeedShape): Need {
  const kept = members(need);
  switch (shape) {
    case "one": {
      const first = kept[0];
      return first === undefined ? "" : shapeOf(first) === "one" ? target(first) : first;
    }
    case "anyOf": {
      const takeover = typeof need === "object" ? need.takeover : undefined;
      return { anyOf: kept, ...(takeover ? { takeover } : {}) };
    }
    case "atLeast":
      return {
        atLeast: Math.max(1, Math.min(kept.length, typeof need === "object" ? (need.atLeast ?? kept.length - 1) : 1)),
        of: kept,
      };
  }
}

/** Replaces the members of a group. */
export function withMembers(need: Need, next: Need[]): Need {
  if (typeof need === "string") return need;
  return need.anyOf ? { ...need, anyOf: next } : { ...need, of: next };
}
