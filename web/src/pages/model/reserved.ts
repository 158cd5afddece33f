/** Kinds that publishing and waiving write, never the editor. */
export const WRITTEN_ELSEWHERE = ["decision", "waiver"];
