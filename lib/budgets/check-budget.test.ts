import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BUDGET_ACTIONS,
  BUDGET_MODES,
  BUDGET_SCOPES,
  BUDGET_WINDOWS,
  SCOPES_WITHOUT_VALUES,
  windowsOf,
} from "@/lib/budgets/budget";
import { createBudgetSchema } from "@/lib/budgets/budget-schemas";
import { toFieldErrors } from "@/lib/request-input";

const valid = {
  name: "n",
  scope: "agent",
  value: "*",
  window: "day",
  limit_usd: "1",
};
/** Paths of the faults of a body; empty: it can be kept. */
function faultsOf(given: object): string[] {
  const parsed = createBudgetSchema.safeParse({ ...valid, ...given });
  if (parsed.success) return [];
  return toFieldErrors(parsed.error, "is not a known field").map(({ path }) => path);
}

const value = fc.option(fc.constantFrom("*", "a name", null, "(untagged)"), { nil: undefined });
const limit = fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined });
const fields = fc.record({
  scope: fc.constantFrom(...BUDGET_SCOPES),
  value,
  window: fc.constantFrom(...BUDGET_WINDOWS),
  week_start: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
  month_day: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
  limit_usd: fc.option(fc.constantFrom("0.000000000000001", "2.50"), { nil: undefined }),
  limit_tokens: limit,
  limit_calls: limit,
  limit_tool_calls: limit,
  limit_seconds: limit,
  mode: fc.constantFrom(...BUDGET_MODES),
  action: fc.constantFrom(...BUDGET_ACTIONS),
  throttle_per_minute: limit,
  reroute_to: fc.option(fc.constant("a-model"), { nil: undefined }),
  unpriced: fc.option(fc.constantFrom("warn", "block", { usd_per_mtok: "3" }), { nil: undefined }),
});

test("a budget is kept if and only if the table of scopes and windows, its value, limits, action and mode agree", () => {
  fc.assert(
    fc.property(fields, (given) => {
      const { scope, window } = given;
      const hasNone = SCOPES_WITHOUT_VALUES.has(scope);
      const isOfMany = [given.limit_calls, given.limit_tool_calls, given.limit_seconds];
      const limits = [given.limit_usd, given.limit_tokens, ...isOfMany];
      const wrong = new Set([
        ...(windowsOf(scope).includes(window) ? [] : ["window"]),
        ...(hasNone && given.value != null ? ["value"] : []),
        ...(scope === "project" && given.value === null ? ["value"] : []),
        ...(!hasNone && scope !== "project" && given.value === undefined ? ["value"] : []),
        ...(!hasNone && scope !== "project" && given.value === "(untagged)" ? ["value"] : []),
        ...(given.week_start !== undefined && window !== "week" ? ["week_start"] : []),
        ...(given.month_day !== undefined && window !== "month" ? ["month_day"] : []),
        ...(limits.every((one) => one === undefined) ? ["limit_usd"] : []),
        ...(window === "request" && given.limit_calls ? ["limit_calls"] : []),
        ...(window === "request" && given.limit_tool_calls ? ["limit_tool_calls"] : []),
        ...(window === "request" && given.limit_seconds ? ["limit_seconds"] : []),
        ...(given.action === "throttle" && !given.throttle_per_minute
          ? ["throttle_per_minute"]
          : []),
        ...(given.action === "reroute" && !given.reroute_to ? ["reroute_to"] : []),
        ...(given.mode === "strict" && given.unpriced === "warn" ? ["unpriced"] : []),
      ]);
      expect(new Set(faultsOf(given))).toEqual(wrong);
    }),
    { numRuns: 1_000 },
  );
});

test("a value that no call can carry is named", () => {
  for (const value of ["a\u0000", "line\nbreak", "\ud800"])
    expect(faultsOf({ value })).toEqual(["value"]);
  expect(faultsOf({ value: "é 😀" })).toEqual([]);
});

test("money, rates, counts and zones that cannot be kept are named", () => {
  for (const wrong of ["0", "-1", "1e3", "0.0000000000000001", "1,5", "", 5, "9".repeat(23)])
    expect(faultsOf({ limit_usd: wrong })).toEqual(["limit_usd"]);
  for (const wrong of [0, -1, 1.5, 2 ** 53, "10"])
    expect(faultsOf({ limit_tokens: wrong })).toEqual(["limit_tokens"]);
  for (const wrong of ["0", "-3", "0.0000000001", "9".repeat(16), 3])
    expect(faultsOf({ unpriced: { usd_per_mtok: wrong } })).not.toEqual([]);
  expect(faultsOf({ unpriced: "free" })).toEqual(["unpriced"]);
  expect(faultsOf({ tz: "+02:00" })).toEqual(["tz"]);
  expect(faultsOf({ tz: "Mars/Olympus" })).toEqual(["tz"]);
  expect(faultsOf({ tz: "Asia/Kathmandu" })).toEqual([]);
  expect(faultsOf({ window: "week", week_start: 8 })).toEqual(["week_start"]);
  expect(faultsOf({ window: "month", month_day: 32 })).toEqual(["month_day"]);
  expect(faultsOf({ limits: 1 })).toEqual(["limits"]);
});

test("thresholds are above 0, each once, at most twenty, and an action has what it needs", () => {
  const thresholds = (...percents: unknown[]) => ({
    thresholds: percents.map((percent) => ({ percent })),
  });
  expect(faultsOf(thresholds(70, 100, 120, 0.25))).toEqual([]);
  expect(faultsOf(thresholds(0))).toEqual(["thresholds.0.percent"]);
  expect(faultsOf(thresholds(-5))).toEqual(["thresholds.0.percent"]);
  expect(faultsOf(thresholds(1.001))).toEqual(["thresholds.0.percent"]);
  expect(faultsOf(thresholds(70, 80, 70))).toEqual(["thresholds.2.percent"]);
  expect(faultsOf(thresholds(...Array.from({ length: 21 }, (_, i) => i + 1)))).toEqual([
    "thresholds",
  ]);
  const throttled = { thresholds: [{ percent: 90, action: "throttle", notify: ["c-1"] }] };
  expect(faultsOf(throttled)).toEqual(["throttle_per_minute"]);
  expect(faultsOf({ ...throttled, throttle_per_minute: 6 })).toEqual([]);
});
