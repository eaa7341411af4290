import { listBudgetRows } from "@/db/queries/budgets";
import { toBudgetAnswer } from "@/lib/budgets/budget-answer";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { answerContextOf, type BudgetReader, readFigures } from "@/lib/budgets/read-figures";

/**
 * Budgets of the reader's projects, and those of the whole installation, which bind them too. Of these a reader without
 * reach sees how full they are, and no name of another project.
 */
export async function listBudgets(
  reader: BudgetReader,
  { hasArchived, nowMs = Date.now() }: { hasArchived: boolean; nowMs?: number },
): Promise<{ budgets: BudgetAnswer[] }> {
  const projectIds = reader.projects.map(({ id }) => id);
  const rows = await listBudgetRows(reader.db, { projectIds, hasArchived });
  const figures = await readFigures(reader, rows, nowMs, 1);
  const context = answerContextOf(reader, nowMs);
  return {
    budgets: rows.map((row) => toBudgetAnswer(row, figures.get(row.id)?.[0] ?? null, context)),
  };
}
