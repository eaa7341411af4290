import { STATE_NAMES, STATES } from "@/components/budgets/budget-state";
import { joinWords } from "@/components/budgets/budget-words";
import { prepareMeters } from "@/components/budgets/prepare-meter";
import type { BudgetScope } from "@/lib/budgets/budget";
import type { BudgetAnswer, BudgetState } from "@/lib/budgets/budget-answer-schemas";
import { formatCount } from "@/lib/format";

interface Wanted {
  state: BudgetState | null;
  scope: BudgetScope | null;
  /** A part of its name, its owner or what it is for; empty: any. */
  text?: string;
}

/**
 * Budgets of a state and a scope (null: any), in the order in which one looks at them: worst, then nearest, then by
 * name. What is held is as far from the limit as what is spent: with all of it held, the next call is refused.
 */
export function filterBudgets(
  budgets: readonly BudgetAnswer[],
  { state, scope, text = "" }: Wanted,
): BudgetAnswer[] {
  const part = text.trim().toLowerCase();
  return budgets
    .filter(({ name, owner, value }) =>
      [name, owner, value ?? ""].some((field) => field.toLowerCase().includes(part)),
    )
    .filter((budget) => state === null || (budget.archived_at === null && budget.state === state))
    .filter((budget) => scope === null || budget.scope === scope)
    .sort(
      (one, two) =>
        Number(one.archived_at !== null) - Number(two.archived_at !== null) ||
        STATE_NAMES.indexOf(one.state) - STATE_NAMES.indexOf(two.state) ||
        nearnessOf(two) - nearnessOf(one) ||
        one.name.localeCompare(two.name),
    );
}

/** Spent and held of the limit that ends first, in thousandths. */
function nearnessOf(budget: BudgetAnswer): number {
  return Number(prepareMeters(budget)[0]?.nearness ?? 0n);
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
