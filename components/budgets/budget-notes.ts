import { describeTarget, listLimits, MODE_WORDS, sayUsd } from "@/components/budgets/budget-words";
import { sayStages, stageDraftsOf } from "@/components/budgets/stages-draft";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { formatQuantity } from "@/lib/format";

/** What a reader of a budget's figures has to know beside them, a sentence each. */
export function listNotes(budget: BudgetAnswer): string[] {
  const notes: string[] = [];
  const { unknown_costs, unreserved_events, unreserved_usd, state, counted_from } = budget;
  if (state === "counting") {
    notes.push(
      "Counting what was spent since the period began; until that is done it stops nothing.",
    );
  }
  if (counted_from !== null) {
    const day = counted_from.slice(0, 10);
    notes.push(`At least: calls before ${day} (UTC) had expired when it was made.`);
  }
  if (unknown_costs > 0) {
    const events = formatQuantity(unknown_costs, "event");
    notes.push(
      `At least: ${events} of unknown cost ${unknown_costs === 1 ? "is" : "are"} not in it.`,
    );
  }
  if (unreserved_events > 0) {
    const events = formatQuantity(unreserved_events, "event");
    notes.push(`${sayUsd(unreserved_usd)} of ${events} came without a reservation.`);
  }
  return notes;
}

/** What a budget does, in one line: `agent researcher · per month · Enforce`. */
export function describeBudget(budget: BudgetAnswer): string {
  const { mode, action } = budget;
  const limits = listLimits(budget).join(" or ");
  const place =
    budget.project === null || budget.scope === "project" ? "" : ` in ${budget.project}`;
  return `${limits} for ${describeTarget(budget)}${place} · ${MODE_WORDS[mode].label}${
    mode === "observe" || action === "block" ? "" : `, ${action}`
  }`;
}

/** Who is told at a budget's next stage. */
export function describeNext({ next_threshold, thresholds }: BudgetAnswer): string | null {
  if (next_threshold === null) return null;
  const next = thresholds.filter(({ percent }) => percent === next_threshold);
  if (next.length === 0) return null;
  return `Next: ${sayStages(stageDraftsOf(next))}`;
}
