import { expect, test } from "vitest";
import { follower } from "./live";

test("every new head refreshes once, whatever a single read has shown meanwhile", () => {
  const asked: number[] = [];
  const follow = follower(7, (seq) => asked.push(seq));
  for (const data of ['{"seq":7}', '{"seq":8}', "no JSON", '{"seq":8}', "{}", '{"seq":6}', '{"seq":10}', '{"seq":9}']) follow(data);
  expect(asked).toEqual([8, 10]);
});
