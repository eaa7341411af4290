import { findBudgetRow } from "@/db/queries/budgets";
import type { BudgetRow } from "@/db/queries/policy";
import { toBudgetAnswer } from "@/lib/budgets/budget-answer";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import {
  answerContextOf,
  type BudgetReader,
  readerOfAll,
  readFigures,
} from "@/lib/budgets/read-figures";
import { OutlayError } from "@/lib/errors";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * A budget's row, removed or not.
 * @throws OutlayError `not_found`, in the same words whether it does not exist or is another project's
 */
export async function findReadableBudget(
  { db, actor }: Pick<BudgetReader, "db" | "actor">,
  id: string,
): Promise<BudgetRow> {
  const row = await findBudgetRow(db, id);
  if (row && (row.projectId === null || canSee(actor, row.projectId))) return row;
  throw budgetNotFound();
}

/** The answer for a budget that is not there, or not there for this reader. */
export function budgetNotFound(): OutlayError {
  return new OutlayError("not_found", "There is no such budget.");
}

/** One budget with its figures. @throws OutlayError `not_found` */
export async function findBudget(
  context: Pick<BudgetReader, "db" | "actor">,
  id: string,
  nowMs = Date.now(),
): Promise<BudgetAnswer> {
  const reader = await readerOfAll(context);
  const row = await findReadableBudget(reader, id);
  const figures = await readFigures(reader, [row], nowMs, 1);
  return toBudgetAnswer(row, figures.get(id)?.[0] ?? null, answerContextOf(reader, nowMs));
}
