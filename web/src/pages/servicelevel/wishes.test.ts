import { describe, expect, test } from "vitest";
import { questionOf, readTimes, readWishes, withBest, writeTimes } from "./wishes";

describe("wishes in the address", () => {
  test("times by priority are read and written back the same", () => {
    expect(readTimes("P1=4h, P2=8 h,broken,=3h")).toEqual({ P1: "4h", P2: "8 h" });
    expect(writeTimes({ P1: "4h", P2: " ", P3: "1,5 h" })).toBe("P1=4h,P3=1.5 h");
    expect(writeTimes({ P1: "" })).toBeUndefined();
  });
  test("only known fields are read", () => {
    expect(readWishes({ service: "shop", list: "promises", availability: "" })).toEqual({ service: "shop" });
  });
  test("nothing is asked before a service is chosen; a percent sign may be left out", () => {
    expect(questionOf({ availability: "99.9" })).toBeNull();
    expect(questionOf({ service: "shop", availability: "99,9", share: "95 %", restore: "P1=4h" })).toMatchObject({
      availability: "99,9%",
      share: "95 %",
      window: "month",
      restore: [{ priority: "P1", within: "4h" }],
    });
  });
  test("the best value goes into the wish that it answers", () => {
    expect(withBest({}, "availability", "99.24%")).toEqual({ availability: "99.24" });
    expect(withBest({ restore: "P1=4h,P2=8h" }, "restore-p1", "PT6H")).toEqual({ restore: "P1=PT6H,P2=8h" });
    expect(withBest({}, "recovery-point", "PT1H")).toEqual({ rpo: "PT1H" });
    expect(withBest({}, "response-time", "2 s")).toEqual({});
  });
});
