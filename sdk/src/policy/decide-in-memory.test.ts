import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetOf, engaged } from "../testing/fake-outlay.ts";
import { judgeBudgets, type Load } from "./judge-budgets.ts";
import { findSwitch, findWholeSwitch } from "./match-switch.ts";
import { type Amounts, type PolicyTags, readPolicy } from "./policy.ts";

const TAGS: PolicyTags = {
  agent: "planner",
  task: "",
  task_type: "",
  feature: "chat",
  user: "",
  session: "",
  trace_id: "t",
  model: "gpt-5",
};
const NOW = Date.parse("2026-11-23T07:00:00Z");
const switchesOf = (...given: object[]) =>
  readPolicy({ version: 1, kill_switches: given }).switches;

test("a switch stops the calls of its scope's value and no others; one of an unknown scope stops all", () => {
  const value = fc.constantFrom("", "planner", "chat", "gpt-5", "other");
  const scope = fc.constantFrom("agent", "feature", "user", "model");
  fc.assert(
    fc.property(scope, value, (name, text) => {
      const one = switchesOf(engaged(text, { scope: name }));
      const isOwn = TAGS[name as "agent"] === text;
      expect(findSwitch(one, TAGS, NOW) !== null).toBe(isOwn);
      expect(findWholeSwitch(one, "planner", NOW) !== null).toBe(name === "agent" && isOwn);
    }),
  );
  for (const wide of ["global", "project", "region"]) {
    const one = switchesOf(engaged("x", { scope: wide }));
    expect(findSwitch(one, TAGS, NOW)).not.toBeNull();
    expect(findWholeSwitch(one, "planner", NOW)).not.toBeNull();
  }
  // Of calls without the tag.
  const untagged = switchesOf(engaged("", { scope: "user", value: null }));
  expect(findSwitch(untagged, TAGS, NOW)).not.toBeNull();
  expect(findSwitch(untagged, { ...TAGS, user: "u" }, NOW)).toBeNull();
});

test("a switch ends by itself at its end, and not before", () => {
  const one = switchesOf(engaged("planner", { until: new Date(NOW).toISOString() }));
  expect(findSwitch(one, TAGS, NOW - 1)).not.toBeNull();
  expect(findSwitch(one, TAGS, NOW)).toBeNull();
});

const none: Amounts = { usd: 0n, tokens: 0, calls: 0, tool_calls: 0, seconds: 0 };
const load = (more: Partial<Load> = {}): Load => ({
  least: { ...none, calls: 1 },
  call: () => ({ ...none, calls: 1, tokens: 100 }),
  sinceAnswer: () => null,
  nowMs: NOW,
  ...more,
});
const amounts = (more: object) => ({
  usd: "0",
  tokens: 0,
  calls: 0,
  tool_calls: 0,
  seconds: 0,
  ...more,
});
const judge = (budget: Record<string, unknown>, more: Partial<Load> = {}, policy: object = {}) =>
  judgeBudgets(readPolicy({ version: 1, budgets: [budgetOf(budget)], ...policy }), load(more)).kind;
const limits = { usd: null, tokens: 1000, calls: null, tool_calls: null, seconds: null };

test("nothing is refused in the agent that the server would let through: only what is spent refuses, the rest asks", () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(2000), fc.nat(2000), (spent, reserved, own) => {
      const kind = judge(
        { limits, spent: amounts({ tokens: spent }), reserved: amounts({ tokens: reserved }) },
        { sinceAnswer: () => ({ ...none, tokens: own }) },
      );
      if (spent > 1000) expect(kind).toBe("refuse");
      else expect(kind).toBe(spent + reserved + own + 100 > 1000 ? "ask" : "allow");
    }),
  );
});

test("each kind of budget: observe never refuses, strict always asks, a lock refuses, a throttle and a reroute ask", () => {
  const over = { limits, spent: amounts({ tokens: 5000 }) };
  expect(judge({ ...over, mode: "observe" })).toBe("allow");
  expect(judge({ ...over, state: "counting" })).toBe("allow");
  expect(judge({ mode: "strict" })).toBe("ask");
  expect(judge({ mode: "strict", state: "locked" })).toBe("refuse");
  expect(judge({ ...over, action: "throttle" })).toBe("ask");
  expect(judge({ ...over, action: "reroute" })).toBe("ask");
  expect(judge({ ...over, thresholds: [{ percent: 600, action: "block" }] })).toBe("allow");
  // An admin opened the only stage that acts.
  expect(judge({ ...over, acts: false })).toBe("allow");
  const stages = [
    { percent: 80, action: "throttle" },
    { percent: 300, action: "lockout" },
  ];
  expect(judge({ ...over, thresholds: stages })).toBe("refuse");
  expect(judge({ ...over, limits: { ...limits, tokens: 4000 }, thresholds: stages })).toBe("ask");
  // The period of these figures is over.
  expect(judge({ ...over, resets_at: new Date(NOW).toISOString() })).toBe("ask");
  expect(judge({ limits: { ...limits, calls: 3 }, spent: amounts({ calls: 3 }) })).toBe("refuse");
  const seconds = { limits: { ...limits, seconds: 60 }, spent: amounts({ seconds: 60 }) };
  expect(judge(seconds)).toBe("refuse");
});

test("a limit in dollars asks where the call's price is not known; without figures the fail mode decides", () => {
  const usd = { limits: { ...limits, tokens: null, usd: "1" } };
  expect(judge(usd, { call: () => ({ ...none, usd: null }) })).toBe("ask");
  expect(judge(usd)).toBe("allow");
  expect(judge({ ...usd, spent: amounts({ usd: "1.000000000000001" }) })).toBe("refuse");
  expect(judge({ ...usd, spent: null, reserved: null })).toBe("allow");
  expect(judge({ ...usd, spent: null }, {}, { fail_mode: "closed" })).toBe("refuse");
});
