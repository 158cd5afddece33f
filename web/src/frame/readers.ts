import type { Role } from "../api/types";

const OUTSIDE: Role[] = ["customer-representative", "supplier-contact"];
/** Roles that look on without designing. */
const WITHOUT_DRAFTS: Role[] = [...OUTSIDE, "auditor", "administrator"];
/** Kinds that an administrator keeps besides. */
const ADMINISTERED = ["organisation", "person", "team"];

/** Customers and suppliers look in from outside: the model and the processes are not theirs to read. */
export function isOutside(roles: Role[]): boolean {
  return roles.length > 0 && roles.every((role) => OUTSIDE.includes(role));
}

/** Whether these roles let a reader propose an object of a kind. */
export function mayCreate(roles: Role[], kind: string): boolean {
  if (roles.some((role) => !WITHOUT_DRAFTS.includes(role))) return true;
  return roles.includes("administrator") && ADMINISTERED.includes(kind);
}

/** The page that a reader's work begins with; the catalogue lies outside the application. */
export function homeOf(roles: Role[], empty: boolean): "/catalogue" | "/agreed" | "/welcome" | "/overview" {
  if (isOutside(roles)) return roles.includes("supplier-contact") ? "/agreed" : "/catalogue";
  return empty ? "/welcome" : "/overview";
}

/** What the page of agreements is called for whom. */
export function agreedTitle(roles: Role[]): "agreed.supplier" | "agreed.customer" {
  return roles.includes("supplier-contact") ? "agreed.supplier" : "agreed.customer";
}
