import { expect, test } from "vitest";
import { periodsUntil } from "./levels";
import { byTopic, draftOf, minutesOf, type ReviewSheet } from "./reviews";

test("a pack is offered of the last months, their quarters and their years", () => {
  expect(periodsUntil("2027-02-15", 3)).toEqual(["2027-02", "2027-01", "2026-12", "2027-Q1", "2026-Q4", "2027", "2026"]);
});

const review: ReviewSheet = {
  ref: "review/r",
  title: { en: "Review" },
  version: 4,
  type: "service",
  typeText: "Service review",
  about: [],
  attendees: [{ ref: "person/ann", title: { en: "Ann" } }],
  agenda: [
    { name: "action", topic: "action", topicText: "Actions", text: "Router" },
    { name: "other", topic: "other", topicText: "Other", text: "Next day", said: "June" },
  ],
  fresh: true,
  minutes: "",
  measures: [],
  decisions: [{ name: "decision-1", text: "Buy" }],
  actions: [],
  mayEdit: true,
  today: "2027-03-12",
};

test("saving a review sends every point, what was added and no empty decision", () => {
  const draft = draftOf(review);
  draft.said.action = "ordered";
  draft.extra = [{ text: "Holidays", said: "" }, { text: " ", said: "" }];
  draft.decisions = [...draft.decisions, { text: " " }];
  const sent = minutesOf(review, { ...draft, held: "2027-03-12" });
  expect(sent.version).toBe(4);
  expect(sent.held).toBe("2027-03-12");
  expect(sent.attendees).toEqual(["person/ann"]);
  expect(sent.agenda.map((each) => each.said)).toEqual(["ordered", "June", ""]);
  expect(sent.decisions).toEqual([{ name: "decision-1", text: "Buy" }]);
});

test("points stand under their topics", () => {
  expect(byTopic(review.agenda).map((each) => each.topic)).toEqual(["Actions", "Other"]);
});
