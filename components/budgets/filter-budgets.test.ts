import { expect, test } from "vitest";
import { describeBudget, describeNext, listNotes } from "@/components/budgets/budget-notes";
import { filterBudgets, summarise } from "@/components/budgets/filter-budgets";
import { makeBudget } from "@/components/budgets/testing/make-budget";

/** Spent, of $2,000. */
const usd = (amount: string) => ({
  spent: { usd: amount, tokens: 0, calls: 0, tool_calls: 0, seconds: 0 },
});
const ANY = { state: null, scope: null };

test("the worst state stands first, then the nearest, then the name; what is archived comes last", () => {
  const budgets = [
    makeBudget({ name: "calm", ...usd("200") }),
    makeBudget({ name: "old", state: "locked", archived_at: "2026-11-01T00:00:00.000Z" }),
    makeBudget({ name: "b near", state: "warning", ...usd("1700") }),
    makeBudget({ name: "a near", state: "warning", ...usd("1700") }),
    makeBudget({ name: "over", state: "exceeded", ...usd("2080") }),
    makeBudget({ name: "fuller", ...usd("1200") }),
  ];
  expect(filterBudgets(budgets, ANY).map(({ name }) => name)).toEqual([
    "over",
    "a near",
    "b near",
    "fuller",
    "calm",
    "old",
  ]);
  expect(summarise(budgets)).toBe("5 budgets: 1 exceeded and 2 near the limit.");
});

test("what is held counts like what is spent: with all of it held the next call is refused", () => {
  const amounts = { usd: "0", tokens: 0, calls: 0, tool_calls: 0, seconds: 0 };
  const budgets = [
    makeBudget({ name: "spent", spent: { ...amounts, usd: "1500" } }),
    makeBudget({ name: "held", reserved: { ...amounts, usd: "1990" } }),
  ];
  expect(filterBudgets(budgets, ANY).map(({ name }) => name)).toEqual(["held", "spent"]);
});

test("a budget is found by a part of its name, of its owner, or of what it is for", () => {
  const budgets = [
    makeBudget({ name: "Night shift" }),
    makeBudget({ name: "b", owner: "Shift lead" }),
    makeBudget({ name: "c", value: "shifter" }),
    makeBudget({ name: "d", scope: "global", value: null }),
  ];
  expect(filterBudgets(budgets, { ...ANY, text: " SHIFT " })).toHaveLength(3);
});

test("a filter of state or scope leaves only those, and what is archived has no state", () => {
  const archived = makeBudget({ archived_at: "2026-11-01T00:00:00.000Z" });
  const budgets = [makeBudget({}), makeBudget({ scope: "user" }), archived];
  expect(filterBudgets(budgets, { ...ANY, scope: "user" })).toHaveLength(1);
  expect(filterBudgets(budgets, { ...ANY, state: "ok" })).toHaveLength(2);
  expect(summarise([makeBudget({})])).toBe("1 budget, within limits.");
  expect(summarise([archived])).toBe("Every budget here is archived.");
});

test("what a figure lacks is said: counting, unknown costs, what came without a reservation", () => {
  expect(listNotes(makeBudget({}))).toEqual([]);
  const notes = listNotes(
    makeBudget({
      state: "counting",
      unknown_costs: 2,
      unreserved_events: 1,
      unreserved_usd: "3.5",
    }),
  );
  expect(notes[0]).toContain("stops nothing");
  expect(notes[1]).toBe("At least: 2 events of unknown cost are not in it.");
  expect(notes[2]).toBe("$3.50 of 1 event came without a reservation.");
  const expired = listNotes(makeBudget({ counted_from: "2026-11-03T00:00:00.000Z" }));
  expect(expired).toEqual([
    "At least: calls before 2026-11-03 (UTC) had expired when it was made.",
  ]);
});

test("a budget is said in a line, with who is told next", () => {
  const budget = makeBudget({
    limit_tokens: 500,
    next_threshold: 90,
    thresholds: [{ percent: 90, notify: ["oncall"] }],
  });
  expect(describeBudget(budget)).toBe(
    "$2,000 or 500 tokens for agent researcher in default · Enforce",
  );
  expect(describeNext(budget)).toBe("Next: 90 % tells 1 channel");
  const stage = { percent: 90, notify: [], action: "block" as const };
  expect(describeNext({ ...budget, thresholds: [stage] })).toBe(
    "Next: 90 % tells the lead and refuses calls",
  );
  expect(describeNext({ ...budget, thresholds: [] })).toBeNull();
  expect(describeNext({ ...budget, next_threshold: null })).toBeNull();
});
