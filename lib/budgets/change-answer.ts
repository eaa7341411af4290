import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { BudgetChangeRow } from "@/db/queries/budgets";
import type { BudgetChangeAnswer } from "@/lib/budgets/budget-answer-schemas";

const KINDS: Readonly<Record<string, BudgetChangeAnswer["kind"]>> = {
  "budget.create": "created",
  "budget.update": "updated",
  "budget.unlock": "unlocked",
  "budget.archive": "archived",
};

const fields = z.record(z.string(), z.unknown());
const unlocked = z.object({
  reason: z.string(),
  value: z.string().nullable(),
  period: z.string().nullable(),
});

/**
 * What the audit says of a budget's changes, as it is answered. What is no change of the budget itself is left out.
 * @param hasReach whether the reader may see the names of its values
 */
export function toChangeAnswers(
  rows: readonly BudgetChangeRow[],
  hasReach: boolean,
): BudgetChangeAnswer[] {
  return rows.flatMap((row) => {
    const kind = KINDS[row.action];
    if (!kind) return [];
    const at = row.at.toISOString();
    const none = { reason: null, value: null, period: null, changed: [], opens_period: false };
    const answer: BudgetChangeAnswer = { at, by: row.by, kind, ...none };
    if (kind === "updated") return [{ ...answer, ...readUpdate(row) }];
    if (kind !== "unlocked") return [answer];
    const { reason, value, period } = unlocked.parse(row.after);
    return [{ ...answer, reason, value: hasReach ? value : null, period }];
  });
}

function readUpdate(row: BudgetChangeRow): Pick<BudgetChangeAnswer, "changed" | "opens_period"> {
  const { limit_revision: old, ...before } = fields.parse(row.before);
  const { limit_revision: now, unlocked: _, ...after } = fields.parse(row.after);
  const names = Object.keys({ ...before, ...after });
  return {
    changed: names.filter((name) => !isDeepStrictEqual(before[name], after[name])).sort(),
    opens_period: old !== now,
  };
}
