import { expect, test } from "vitest";
import {
  countInstancesOf,
  describeObedience,
  describeReach,
  formatSeconds,
  isAwaited,
} from "@/components/kill-switches/obedience-words";

const obedience = (given: object = {}) => ({
  instances: 12,
  confirmed: 12,
  unseen: 0,
  longest_unseen_seconds: null,
  slowest_ms: 430,
  ...given,
});
const say = (given: object, scope: "agent" | "feature" = "agent") => {
  const { words, since } = describeObedience(scope, obedience(given));
  return words + since;
};

test("who has obeyed is said by numbers, and how long the last one took", () => {
  expect(say({})).toBe("12 of 12 instances confirmed stopped, last one after 0.43 s");
  expect(say({ instances: 1, confirmed: 1 })).toBe(
    "1 of 1 instances confirmed stopped, after 0.43 s",
  );
  expect(say({ slowest_ms: 0 })).toBe("12 of 12 instances confirmed stopped");
  expect(say({ confirmed: 10 })).toBe("10 of 12 instances confirmed stopped, 2 not yet");
});

test("who was not seen is said with how long; a screen reader is not told each second anew", () => {
  const silent = (seconds: number) => ({
    confirmed: 11,
    unseen: 1,
    longest_unseen_seconds: seconds,
  });
  expect(say(silent(40))).toBe("11 of 12 instances confirmed stopped, 1 not seen for 40 s");
  const words = (seconds: number) => describeObedience("agent", obedience(silent(seconds))).words;
  expect(words(41)).toBe(words(40));
  expect(say({ confirmed: 9, unseen: 2, longest_unseen_seconds: 125 })).toBe(
    "9 of 12 instances confirmed stopped, 1 not yet, 2 not seen for up to 2 min 5 s",
  );
});

test("a switch that stops some calls is known, not obeyed; without an instance nothing is claimed", () => {
  expect(say({ confirmed: 11 }, "feature")).toBe("11 of 12 instances know it, 1 not yet");
  expect(say({}, "feature")).toBe("12 of 12 instances know it");
  expect(say({ instances: 1, confirmed: 1 }, "feature")).toBe("1 of 1 instances knows it");
  const none = { instances: 0, confirmed: 0, slowest_ms: null };
  expect(say(none)).toBe(
    "No instance tells Outlay what it obeys: agents without the SDK are stopped at their next reservation",
  );
  expect(say(none, "feature")).not.toContain("stopped");
  expect(isAwaited(obedience(none))).toBe(false);
  expect(isAwaited(obedience({ confirmed: 11 }))).toBe(true);
});

test("before it is engaged, its reach is that of its own agent, project, or all", () => {
  const counts = [
    { project: "shop", agent: "planner", instances: 12, unseen: 1 },
    { project: "shop", agent: null, instances: 2, unseen: 0 },
    { project: "bank", agent: "planner", instances: 1, unseen: 0 },
  ];
  const agent = { scope: "agent", project: "shop", value: "planner" } as const;
  expect(countInstancesOf(agent, counts)).toEqual({ instances: 12, unseen: 1 });
  const feature = { scope: "feature", project: "shop", value: "chat" } as const;
  expect(countInstancesOf(feature, counts).instances).toBe(14);
  const project = { scope: "project", project: null, value: "bank" } as const;
  expect(countInstancesOf(project, counts).instances).toBe(1);
  const everything = { scope: "global", project: null, value: null } as const;
  expect(countInstancesOf(everything, counts).instances).toBe(15);
  expect(describeReach("agent", { instances: 1, unseen: 0 })).toBe(
    "1 instance runs now: it stops at once and confirms it.",
  );
  expect(describeReach("agent", { instances: 12, unseen: 1 })).toBe(
    "11 instances run now: each stops at once and confirms it. 1 more: not seen for 15 s or longer.",
  );
  expect(describeReach("agent", { instances: 1, unseen: 1 })).toBe(
    "1 instance, not seen for 15 s or longer.",
  );
  expect(describeReach("model", { instances: 2, unseen: 0 })).toContain("knows");
  expect(describeReach("agent", { instances: 0, unseen: 0 })).toContain("No instance");
});

test("a time is in hundredths of a second, then in seconds, then in minutes", () => {
  expect([0.43, 1, 9.5, 40, 59.4, 125].map(formatSeconds)).toEqual([
    "0.43 s",
    "1 s",
    "9.50 s",
    "40 s",
    "59 s",
    "2 min 5 s",
  ]);
});
