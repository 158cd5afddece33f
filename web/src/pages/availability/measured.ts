import type { Measured, Study } from "./study";

/**
 * The measurement that stands beside the promise: that of the agreement which promises
 * most, else the first in which something was attained, else the first.
 */
export function measuredFor(study: Pick<Study, "measured" | "agreement">): Measured | undefined {
  const list = study.measured ?? [];
  return list.find((each) => each.agreement.ref === study.agreement?.ref) ?? list.find((each) => each.attained) ?? list[0];
}
