import { type Role, ROLES } from "../../api/types";

/** A role, narrowed to one object where a scope is given. */
export interface Grant {
  role: Role;
  scope?: string;
}

/** Kinds of object that a grant of each role can be narrowed to; none for the roles of the whole organisation. */
export const SCOPES: Partial<Record<Role, string[]>> = {
  "service-owner": ["service"],
  "catalogue-manager": ["service"],
  "service-level-manager": ["service", "customer"],
  "availability-manager": ["service"],
  "capacity-manager": ["service"],
  "continuity-manager": ["service"],
  "security-manager": ["service"],
  "supplier-manager": ["service", "supplier"],
  "customer-representative": ["customer"],
  "supplier-contact": ["supplier"],
};

/** Reads "role" or "role@kind/name"; null for a role that is not known here. */
export function parseGrant(text: string): Grant | null {
  const [role, scope] = text.split("@");
  if (!ROLES.includes(role as Role)) return null;
  return scope ? { role: role as Role, scope } : { role: role as Role };
}

export function writeGrant(grant: Grant): string {
  return grant.scope ? `${grant.role}@${grant.scope}` : grant.role;
}
