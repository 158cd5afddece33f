import type { Process, Role } from "../api/types";

const byRole: Partial<Record<Role, Process>> = {
  "design-coordinator": "coordination",
  "catalogue-manager": "catalogue",
  "service-level-manager": "servicelevel",
  "availability-manager": "availability",
  "capacity-manager": "capacity",
  "continuity-manager": "continuity",
  "security-manager": "security",
  "supplier-manager": "supplier",
};

/** The processes that the holder of these roles manages, in the order of his roles. */
export function managedProcesses(roles: Role[]): Process[] {
  return roles.map((role) => byRole[role]).filter((process): process is Process => process !== undefined);
}
