import { expect, test } from "vitest";
import { explainApart, sayApart, summariseBurnDown } from "@/components/budgets/burn-down-words";
import { prepareBurnDown } from "@/components/budgets/prepare-burn-down";
import { FEMTO_PER_USD } from "@/lib/money";

const DAY = 86_400_000;
const limit = 30n * FEMTO_PER_USD;
const starts = Array.from({ length: 30 }, (_, day) => day * DAY);
const period = { fromMs: 0, toMs: 30 * DAY, starts, limit };
const sayDate = (ms: number) => `day ${ms / DAY}`;
const say = (dollars: bigint, nowMs: number, forecast: bigint | null) => {
  const spent = new Map([[0, dollars * FEMTO_PER_USD]]);
  const model = prepareBurnDown({ ...period, nowMs, spent, forecast, counter: null });
  const isRunning = nowMs < period.toMs;
  return summariseBurnDown({
    model,
    measure: "usd",
    limit,
    forecast,
    isRunning,
    isAtLeast: false,
    sayDate,
    endMs: period.toMs,
  });
};

test("the sentence says where the spending stands against the line, and where it leads", () => {
  expect(say(12n, 10 * DAY, 36n * FEMTO_PER_USD)).toBe(
    "$12 of $30 so far; $2 over the straight line; at this pace $36 by day 30, over the limit.",
  );
  expect(say(9n, 10 * DAY, 27n * FEMTO_PER_USD)).toContain("$1 under the straight line");
  expect(say(10n, 10 * DAY, null)).toBe("$10 of $30 so far; exactly on the straight line.");
});

test("what was used up says by when, and a period that is over has no pace", () => {
  expect(say(30n, 10 * DAY, 90n * FEMTO_PER_USD)).toBe(
    "$30 of $30 so far; $20 over the straight line; the limit was reached by day 1.",
  );
  expect(say(5n, 31 * DAY, null)).toBe("$5 of $30 in all.");
});

/** $12 of calls, and a counter. */
function modelWith(counter: bigint | null) {
  const spent = new Map([[0, 12n * FEMTO_PER_USD]]);
  return prepareBurnDown({ ...period, nowMs: 10 * DAY, spent, forecast: null, counter });
}

test("the sentence says what the meter says, never another sum beside it", () => {
  const model = modelWith((25n * FEMTO_PER_USD) / 2n);
  const input = { model, measure: "usd", limit, forecast: null, isRunning: true } as const;
  expect(summariseBurnDown({ ...input, isAtLeast: true, sayDate, endMs: period.toMs })).toBe(
    "At least $12.50 of $30 so far; $2.50 over the straight line.",
  );
});

test("a difference between meter and calls is said in dollars, and so is that there is none", () => {
  expect(sayApart(modelWith((25n * FEMTO_PER_USD) / 2n), "usd")).toBe(
    "The meter says $12.50: $0.50 more than the calls drawn here.",
  );
  expect(sayApart(modelWith(9n * FEMTO_PER_USD), "usd")).toBe(
    "The meter says $9: $3 less than the calls drawn here.",
  );
  expect(sayApart(modelWith(12n * FEMTO_PER_USD), "usd")).toContain("to the last digit");
  expect(sayApart(modelWith(null), "usd")).toBeNull();
});

test("only what can be the reason is told as one", () => {
  const rated = { unpriced: { usd_per_mtok: "3" }, project: null };
  const more = explainApart(modelWith(13n * FEMTO_PER_USD), rated);
  expect(more).toContain("at this budget's rate");
  expect(more).toContain("projects that you may not read");
  const less = explainApart(modelWith(9n * FEMTO_PER_USD), rated);
  expect(less).not.toContain("rate");
  expect(less).not.toContain("projects");
});
