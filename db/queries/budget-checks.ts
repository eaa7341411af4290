import { and, eq, gt, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { GenerationDifference } from "@/db/queries/budget-generations";
import { budgets } from "@/db/schema/budgets";
import { budgetChecks } from "@/db/schema/integrity";
import { projects } from "@/db/schema/projects";

export type BudgetCheckRow = typeof budgetChecks.$inferSelect;

/** Keeps what a budget's counters differed by. What was repaired stays in sight: its size until it differs again. */
export async function putBudgetCheck(
  tx: Db,
  budgetId: string,
  checkedAt: Date,
  { counters, differenceUsd }: GenerationDifference,
): Promise<void> {
  const isEqual = counters === 0;
  const found = isEqual
    ? { checkedAt }
    : { checkedAt, state: "repaired" as const, counters, differenceUsd, repairedAt: checkedAt };
  await tx
    .insert(budgetChecks)
    .values({ budgetId, state: "equal", ...found })
    .onConflictDoUpdate({ target: budgetChecks.budgetId, set: found });
}

/** When budgets were held against the ledger, and how that was. */
export function listBudgetChecks(db: Db, budgetIds: readonly string[]): Promise<BudgetCheckRow[]> {
  if (budgetIds.length === 0) return Promise.resolve([]);
  return db
    .select()
    .from(budgetChecks)
    .where(inArray(budgetChecks.budgetId, [...budgetIds]));
}

/**
 * Budgets whose counters decide and were not held against the ledger since an instant, the longest ago first.
 * Sessions and traces of a project whose calls expire are left out: what is left of them says nothing.
 */
export async function listBudgetsToCheck(db: Db, since: Date, limit: number): Promise<string[]> {
  const hasExpired = sql`exists (select 1 from ${projects} p where p.sealed_before is not null
    and (${budgets.projectId} is null or p.id = ${budgets.projectId}))`;
  const rows = await db
    .select({ id: budgets.id })
    .from(budgets)
    .leftJoin(budgetChecks, eq(budgetChecks.budgetId, budgets.id))
    .where(
      and(
        isNull(budgets.archivedAt),
        isNull(budgets.nextGeneration),
        gt(budgets.generation, 0),
        ne(budgets.window, "request"),
        or(isNull(budgetChecks.checkedAt), lt(budgetChecks.checkedAt, since)),
        or(sql`${budgets.window} not in ('session', 'trace')`, sql`not ${hasExpired}`),
      ),
    )
    .orderBy(sql`${budgetChecks.checkedAt} nulls first`, budgets.id)
    .limit(limit);
  return rows.map(({ id }) => id);
}
