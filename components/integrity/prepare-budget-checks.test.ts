import { expect, test } from "vitest";
import {
  describeDifference,
  sortBudgetChecks,
  summariseBudgetChecks,
} from "@/components/integrity/prepare-budget-checks";
import type { IntegrityBudgetAnswer } from "@/lib/integrity/integrity-schemas";

const AT = "2026-11-22T10:00:00.000Z";
const NEVER = { difference_usd: null, counters: null, repaired_at: null, checked_at: null };
const EQUAL = { difference_usd: "0", counters: 0, repaired_at: null, checked_at: AT };
const DIFFERED = { difference_usd: "12.3", counters: 2, repaired_at: AT, checked_at: AT };

function check(
  state: IntegrityBudgetAnswer["state"],
  found: typeof NEVER | typeof EQUAL | typeof DIFFERED,
  name = "Research",
): IntegrityBudgetAnswer {
  return { id: name, name, project: "default", state, ...found };
}

test("a budget that was never compared is not said to agree", () => {
  expect(describeDifference(check("unchecked", NEVER)).words).toBeNull();
  expect(summariseBudgetChecks([check("unchecked", NEVER), check("counting", NEVER)])).toBe(
    "1 budget is being counted for the first time. 1 budget was not compared yet.",
  );
});

test("what a budget differed by is told in dollars, and to the last digit", () => {
  expect(describeDifference(check("repaired", DIFFERED))).toEqual({
    words: "was $12.30",
    exact: "$12.3",
    repair: "2 counters differed from the calls, by $12.30, and took their sum.",
  });
});

test("a difference without dollars is still one", () => {
  const found = { ...DIFFERED, difference_usd: "0.000000000000000", counters: 1 };
  expect(describeDifference(check("repaired", found))).toEqual({
    words: "was counts",
    exact: null,
    repair: "1 counter differed from the calls, in counts only, and took their sum.",
  });
});

test("while a budget is compared anew, what was found last time stays in sight", () => {
  expect(describeDifference(check("moving", DIFFERED)).words).toBe("was $12.30");
  expect(describeDifference(check("moving", EQUAL)).words).toBe("none");
});

test("what differed stands first, then what is not known, then what agrees", () => {
  const sorted = sortBudgetChecks([
    check("equal", EQUAL, "b"),
    check("equal", EQUAL, "a"),
    check("moving", DIFFERED, "z"),
    check("unchecked", NEVER, "y"),
  ]);
  expect(sorted.map(({ name }) => name)).toEqual(["z", "y", "a", "b"]);
});

test("the sum of all says how many agree, and that one of them had to be repaired", () => {
  const checks = [check("equal", EQUAL), check("repaired", DIFFERED), check("moving", EQUAL)];
  expect(summariseBudgetChecks(checks)).toBe(
    "2 budgets agree with the calls to the last digit. One of them differed and was repaired. 1 budget is being compared.",
  );
});
