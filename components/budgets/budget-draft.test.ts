import { expect, test } from "vitest";
import {
  limitsOf,
  listFaults,
  nameOf,
  readDollars,
  startDraft,
  targetOf,
  withScope,
} from "@/components/budgets/budget-draft";
import { preparePreview } from "@/components/budgets/prepare-preview";
import { BUDGET_SCOPES, windowsOf } from "@/lib/budgets/budget";

const NOV_22 = Date.UTC(2026, 10, 22, 12);
const researcher = startDraft({
  scope: "agent",
  value: "researcher",
  project: "default",
  limitUsd: "2000",
  timeZone: "UTC",
});

test("a row's scope, value and limit are a whole budget: it has a name, and nothing is missing", () => {
  expect(listFaults(researcher)).toEqual({});
  expect(nameOf(researcher)).toBe("Agent researcher per month");
  expect(researcher).toMatchObject({ mode: "enforce", window: "month", action: "block" });
  expect(nameOf({ ...researcher, name: " Research " })).toBe("Research");
});

test("the preview says what will be stopped, when, and when it starts anew", () => {
  const say = (change: Partial<typeof researcher>) =>
    preparePreview({ ...researcher, ...change }, NOV_22);
  expect(say({})).toBe(
    "Blocks calls of agent researcher once $2,000 of November is spent or held, and starts anew on December 1.",
  );
  expect(say({ mode: "observe" })).toBe(
    "Counts calls of agent researcher and tells once $2,000 of November is spent; it stops none, and starts anew on December 1.",
  );
  expect(say({ valueKind: "each", window: "session" })).toBe(
    "Blocks calls of each agent once $2,000 of one session is spent or held. Each agent has a limit of its own.",
  );
  expect(say({ valueKind: "untagged", window: "day" })).toBe(
    "Blocks calls without an agent once $2,000 of November 22 is spent or held, and starts anew on November 23.",
  );
  expect(say({ mode: "strict", window: "request" })).toBe(
    "Blocks calls of agent researcher that could come to more than $2,000.",
  );
  expect(say({ action: "throttle", throttlePerMinute: "6", monthDay: "15" })).toBe(
    "Lets only 6 a minute through of calls of agent researcher once $2,000 of the month from November 15 is spent or held, and starts anew on December 15.",
  );
  expect(say({ scope: "global" })).toContain("Blocks calls of everything once");
  expect(say({ scope: "project", project: null })).toContain(
    "Each project has a limit of its own.",
  );
  expect(
    preparePreview({ ...researcher, limits: { ...researcher.limits, usd: "" } }, NOV_22),
  ).toBeNull();
});

test("dollars are read as people type them, and nothing else passes for money", () => {
  expect(readDollars(" $2,000.50 ")).toBe("2000.5");
  for (const text of ["", "-1", "1e3", "two", "0.0000000000000001"])
    expect(readDollars(text)).toBeNull();
  expect(
    limitsOf({ limits: { ...researcher.limits, tokens: "20,000", calls: "1.5" } }),
  ).toMatchObject({
    limit_usd: "2000",
    limit_tokens: 20_000,
    limit_calls: null,
  });
});

test("what is missing is told at its field", () => {
  const empty = startDraft({ project: null, timeZone: "UTC" });
  expect(Object.keys(listFaults(empty))).toEqual(["value", "usd"]);
  expect(Object.keys(listFaults({ ...researcher, action: "throttle" }))).toEqual(["throttle"]);
  expect(Object.keys(listFaults({ ...researcher, action: "reroute" }))).toEqual(["reroute"]);
  expect(Object.keys(listFaults({ ...researcher, unpriced: "rate" }))).toEqual(["rate"]);
  const many = { percent: "many", audience: ["lead"], notify: [], action: "none" } as const;
  expect(Object.keys(listFaults({ ...researcher, stages: [many] }))).toEqual(["stages"]);
});

test("a scope always has a window that it can have", () => {
  for (const scope of BUDGET_SCOPES) {
    const moved = withScope(researcher, scope);
    expect(windowsOf(scope)).toContain(moved.window);
    expect(windowsOf(scope)).toContain(
      startDraft({ scope, project: null, timeZone: "UTC" }).window,
    );
  }
});

test("the whole installation is of no project, and a scope without names has no value", () => {
  expect(targetOf({ ...researcher, scope: "global" })).toEqual({
    scope: "global",
    value: null,
    project: null,
  });
  expect(targetOf({ ...researcher, scope: "request" }).value).toBeNull();
  expect(targetOf({ ...researcher, scope: "project" }).value).toBe("default");
  expect(targetOf({ ...researcher, scope: "project", project: null }).value).toBe("*");
  expect(targetOf({ ...researcher, valueKind: "each" }).value).toBe("*");
  expect(targetOf({ ...researcher, valueKind: "untagged" }).value).toBeNull();
});
