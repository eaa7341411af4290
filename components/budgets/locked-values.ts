import type { BudgetAnswer, WholeBudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

/** Something of a budget that a stage closed. */
export interface LockedValue {
  /** Whose; null: the budget has one value alone. */
  name: string | null;
  /** Which session or trace; null: its window is a calendar's. */
  period: string | null;
  lock: NonNullable<BudgetAnswer["locked"]>;
}

/** What of a budget is locked now, as its unlocking has to be told: nothing, the budget, or each value that is. */
export function listLocked(
  budget: Pick<WholeBudgetAnswer, "locked" | "value" | "window" | "values">,
): LockedValue[] {
  const isOfRuns = budget.window === "session" || budget.window === "trace";
  if (budget.value !== "*" && !isOfRuns) {
    return budget.locked === null ? [] : [{ name: null, period: null, lock: budget.locked }];
  }
  return budget.values.flatMap(({ value, period, locked }) =>
    locked === null ? [] : [{ name: value, period: isOfRuns ? period : null, lock: locked }],
  );
}
