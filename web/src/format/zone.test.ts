import { describe, expect, test } from "vitest";
import { instantOf, wallTime } from "./zone";

describe("clock times of a zone", () => {
  test.each([
    ["winter", "2027-01-19T10:20", "Europe/Paris", "2027-01-19T10:20:00+01:00"],
    ["summer", "2027-07-19T10:20", "Europe/Paris", "2027-07-19T10:20:00+02:00"],
    ["the first of an hour that comes twice", "2027-10-31T02:30", "Europe/Paris", "2027-10-31T02:30:00+02:00"],
    ["an hour that is skipped lies after the skip", "2027-03-28T02:30", "Europe/Paris", "2027-03-28T03:30:00+02:00"],
    ["a zone of half hours", "2027-03-12T09:05", "Asia/Kolkata", "2027-03-12T09:05:00+05:30"],
    ["a zone behind", "2027-03-12T23:59", "America/Cayenne", "2027-03-12T23:59:00-03:00"],
    ["no zone", "2027-03-12T00:00", "UTC", "2027-03-12T00:00:00+00:00"],
  ])("%s", (_name, wall, zone, instant) => {
    expect(instantOf(wall, zone)).toBe(instant);
  });
  test("what is no time has no instant", () => {
    for (const wall of ["", "2027-02-30T10:00", "2027-03-12", "tomorrow", "2027-03-12T25:00"]) expect(instantOf(wall, "Europe/Paris")).toBeUndefined();
    expect(wallTime("never", "UTC")).toBe("");
  });
  test("what is shown is what was typed, at every hour of a year", () => {
    for (let hour = 0; hour < 24 * 366; hour += 7) {
      const instant = new Date(Date.UTC(2027, 0, 1, hour)).toISOString();
      const wall = wallTime(instant, "Europe/Paris");
      expect(wallTime(instantOf(wall, "Europe/Paris")!, "Europe/Paris")).toBe(wall);
    }
  });
});
