import type { Db } from "@/db/postgres";
import { type BudgetCheckRow, listBudgetChecks } from "@/db/queries/budget-checks";
import { listBudgetRows } from "@/db/queries/budgets";
import type { BudgetRow } from "@/db/queries/policy";
import { readUsd } from "@/lib/budgets/budget-row";
import type { IntegrityBudgetAnswer } from "@/lib/integrity/integrity-schemas";
import { formatUsd } from "@/lib/money";

/**
 * How the counters of budgets stood against the calls: those of these projects, and of the whole installation.
 * @param slugs of the projects, by id
 */
export async function listIntegrityBudgets(
  db: Db,
  projectIds: readonly string[],
  slugs: ReadonlyMap<string, string>,
): Promise<IntegrityBudgetAnswer[]> {
  const rows = await listBudgetRows(db, { projectIds, hasArchived: false });
  // A single call against its own estimate has no counter.
  const counted = rows.filter(({ window }) => window !== "request");
  const checks = await listBudgetChecks(
    db,
    counted.map(({ id }) => id),
  );
  const byId = new Map(checks.map((check) => [check.budgetId, check]));
  return counted.map((row) => {
    const check = byId.get(row.id) ?? null;
    return {
      id: row.id,
      name: row.name,
      project: row.projectId === null ? null : (slugs.get(row.projectId) ?? ""),
      state: stateOf(row, check),
      difference_usd: check && formatUsd(readUsd(check.differenceUsd)),
      counters: check?.counters ?? null,
      repaired_at: check?.repairedAt?.toISOString() ?? null,
      checked_at: check?.checkedAt.toISOString() ?? null,
    };
  });
}

function stateOf(row: BudgetRow, check: BudgetCheckRow | null): IntegrityBudgetAnswer["state"] {
  if (row.generation === 0) return "counting";
  if (row.nextGeneration !== null) return "moving";
  return check?.state ?? "unchecked";
}
