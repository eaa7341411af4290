import { expect, test } from "vitest";
import { summariseBurnDown } from "@/components/budgets/burn-down-words";
import { prepareBurnDown } from "@/components/budgets/prepare-burn-down";
import { FEMTO_PER_USD } from "@/lib/money";

const DAY = 86_400_000;
const limit = 30n * FEMTO_PER_USD;
const starts = Array.from({ length: 30 }, (_, day) => day * DAY);
const period = { fromMs: 0, toMs: 30 * DAY, starts, limit };
const sayDate = (ms: number) => `day ${ms / DAY}`;
const say = (dollars: bigint, nowMs: number, forecast: bigint | null) => {
  const spent = new Map([[0, dollars * FEMTO_PER_USD]]);
  const model = prepareBurnDown({ ...period, nowMs, spent, forecast });
  const isRunning = nowMs < period.toMs;
  return summariseBurnDown({
    model,
    measure: "usd",
    limit,
    forecast,
    isRunning,
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
