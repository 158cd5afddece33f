import { describe, expect, test } from "vitest";
import { measuredFor } from "./measured";
import type { Measured } from "./study";

const one = (agreement: string, attained?: string): Measured => ({
  agreement: { ref: `agreement/${agreement}`, title: agreement },
  objective: agreement,
  promised: "99.9%",
  attained,
  window: "March 2027",
  basis: attained ? "evidence" : "none",
  mark: "ok",
  sentence: "",
});

describe("the measurement beside the promise", () => {
  test("is that of the agreement which promises most, measured or not", () => {
    const list = [one("a", "99.99%"), one("b")];
    expect(measuredFor({ measured: list, agreement: { ref: "agreement/b", title: "b" } })).toBe(list[1]);
  });
  test("is the first that attained something where that agreement measures nothing", () => {
    const list = [one("a"), one("b", "99%")];
    expect(measuredFor({ measured: list })).toBe(list[1]);
    expect(measuredFor({ measured: [one("c")] })?.objective).toBe("c");
  });
  test("is none where no promise has availability measured", () => {
    expect(measuredFor({ measured: null })).toBeUndefined();
  });
});
