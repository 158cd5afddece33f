import type { Change, LocalText } from "../../api/types";

export interface ObjectChanges {
  ref: string;
  title?: LocalText;
  created: boolean;
  deleted: boolean;
  changes: Change[];
}

/** Changes gathered by the object they belong to, in the order of their first mention. */
export function groupByObject(changes: Change[]): ObjectChanges[] {
  const groups = new Map<string, ObjectChanges>();
  for (const change of changes) {
    const ref = change.ref ?? "";
    let group = groups.get(ref);
    if (!group) {
      group = { ref, title: change.title, created: false, deleted: false, changes: [] };
      groups.set(ref, group);
    }
    const whole = change.path === "" || change.path === "/";
    if (whole && change.op === "add") group.created = true;
    else if (whole && change.op === "remove") group.deleted = true;
    else group.changes.push(change);
  }
  return [...groups.values()];
}
