import { STATE_NAMES, STATES } from "@/components/budgets/budget-state";
import { joinWords } from "@/components/budgets/budget-words";
import type { BudgetScope } from "@/lib/budgets/budget";
import type { BudgetAnswer, BudgetState } from "@/lib/budgets/budget-answer-schemas";
import { formatCount } from "@/lib/format";

/** Budgets of a state and a scope (null: any), in the order in which one looks at them: worst, then nearest, then by name. */
export function filterBudgets(
  budgets: readonly BudgetAnswer[],
  { state, scope }: { state: BudgetState | null; scope: BudgetScope | null },
): BudgetAnswer[] {
  return budgets
    .filter((budget) => state === null || (budget.archived_at === null && budget.state === state))
    .filter((budget) => scope === null || budget.scope === scope)
    .sort(
      (one, two) =>
        Number(one.archived_at !== null) - Number(two.archived_at !== null) ||
        STATE_NAMES.indexOf(one.state) - STATE_NAMES.indexOf(two.state) ||
        (two.used_percent ?? 0) - (one.used_percent ?? 0) ||
        one.name.localeCompare(two.name),
    );
}

/** `12 budgets: 1 exceeded, 2 near the limit.` */
export function summarise(budgets: readonly BudgetAnswer[]): string {
  const live = budgets.filter(({ archived_at }) => archived_at === null);
  const counts = STATE_NAMES.filter((state) => state !== "ok").flatMap((state) => {
    const count = live.filter((budget) => budget.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${STATES[state].label.toLowerCase()}`];
  });
  const all = `${formatCount(live.length)} ${live.length === 1 ? "budget" : "budgets"}`;
  if (live.length === 0) return "Every budget here is archived.";
  return counts.length === 0 ? `${all}, within limits.` : `${all}: ${joinWords(counts)}.`;
}
