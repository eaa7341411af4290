import type { Budget } from "@/lib/budgets/budget";
import { periodOf } from "@/lib/budgets/budget-period";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { matchBudget } from "@/lib/budgets/match-budget";

/** Where a call counts. */
export interface Place {
  budget: Budget;
  value: string;
  period: string;
}

/**
 * Every counter that a call moves, by its own tags.
 * @param instantMs whose periods: its own time, or that of the hold it settles
 */
export function placeCall(
  budgets: readonly Budget[],
  { tags }: Pick<CountedCall, "tags">,
  instantMs: number,
): Place[] {
  const places: Place[] = [];
  for (const budget of budgets) {
    const value = matchBudget(budget, tags);
    if (value === null) continue;
    const period = periodOf(budget, tags, instantMs);
    if (period !== null) places.push({ budget, value, period });
  }
  return places;
}

/**
 * The generations of a budget that count a call as it comes: the current one, and the one being built where the call
 * arrived after that began. What arrived before is summed from the ledger when it is finished.
 */
export function countingGenerations({ generation, next }: Budget, arrivedUs: number): number[] {
  const current = generation > 0 ? [generation] : [];
  return next && arrivedUs > next.afterUs ? [...current, next.generation] : current;
}
