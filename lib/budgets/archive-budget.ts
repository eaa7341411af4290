import { lockBudgetRow, updateBudgetRow } from "@/db/queries/budgets";
import { type BudgetRow, changePolicyVersion } from "@/db/queries/policy";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { requireBudgetWrite } from "@/lib/budgets/budget-place";
import { budgetNotFound, findReadableBudget } from "@/lib/budgets/find-budget";

/**
 * Removes a budget: from the next reservation on it decides nothing. What was spent and refused stays readable.
 * Doing it again changes nothing.
 * @throws OutlayError `not_found`, `forbidden`
 */
export async function archiveBudget(context: ActionContext, id: string): Promise<BudgetRow> {
  const known = await findReadableBudget(context, id);
  requireBudgetWrite(context, known);
  if (known.archivedAt) return known;
  return context.db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const row = await lockBudgetRow(tx, id);
    if (!row) throw budgetNotFound();
    if (row.archivedAt) return row;
    const archivedAt = new Date();
    await recordAudit(tx, context, {
      action: "budget.archive",
      targetType: "budget",
      targetId: id,
      projectId: row.projectId,
      before: { archived_at: null },
      after: { archived_at: archivedAt.toISOString() },
    });
    return updateBudgetRow(tx, id, { archivedAt, updatedAt: archivedAt });
  });
}
