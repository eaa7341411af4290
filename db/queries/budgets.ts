import { and, asc, desc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { BudgetRow } from "@/db/queries/policy";
import { auditEvents } from "@/db/schema/audit";
import { budgets } from "@/db/schema/budgets";

export type NewBudgetRow = typeof budgets.$inferInsert;

/** Adds a budget that is not counted yet. */
export async function insertBudget(tx: Db, row: NewBudgetRow): Promise<BudgetRow> {
  const [made] = await tx.insert(budgets).values(row).returning();
  if (!made) throw new Error("the budget was not stored");
  return made;
}

/** One budget, removed or not; or null. */
export async function findBudgetRow(db: Db, id: string): Promise<BudgetRow | null> {
  const [row] = await db.select().from(budgets).where(eq(budgets.id, id));
  return row ?? null;
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockBudgetRow(tx: Db, id: string): Promise<BudgetRow | null> {
  const [row] = await tx.select().from(budgets).where(eq(budgets.id, id)).for("update");
  return row ?? null;
}

/** Budgets of these projects and of the whole installation, by name. */
export async function listBudgetRows(
  db: Db,
  { projectIds, hasArchived }: { projectIds: readonly string[]; hasArchived: boolean },
): Promise<BudgetRow[]> {
  return db
    .select()
    .from(budgets)
    .where(
      and(
        or(isNull(budgets.projectId), inArray(budgets.projectId, [...projectIds])),
        hasArchived ? undefined : isNull(budgets.archivedAt),
      ),
    )
    .orderBy(asc(budgets.name), asc(budgets.id));
}

/** Changes a budget. @returns it as it is now */
export async function updateBudgetRow(
  tx: Db,
  id: string,
  change: Partial<NewBudgetRow>,
): Promise<BudgetRow> {
  const [row] = await tx.update(budgets).set(change).where(eq(budgets.id, id)).returning();
  if (!row) throw new Error("the budget is gone");
  return row;
}

/** What people did to a budget. */
export interface BudgetChangeRow {
  at: Date;
  action: string;
  /** Who, as they were called then. */
  by: string;
  before: unknown;
  after: unknown;
}

/** What people did to a budget, latest first: the last five hundred. */
export async function listBudgetChanges(db: Db, id: string): Promise<BudgetChangeRow[]> {
  return db
    .select({
      at: auditEvents.at,
      action: auditEvents.action,
      by: auditEvents.actorName,
      before: auditEvents.before,
      after: auditEvents.after,
    })
    .from(auditEvents)
    .where(and(eq(auditEvents.targetType, "budget"), eq(auditEvents.targetId, id)))
    .orderBy(desc(auditEvents.at))
    .limit(500);
}

/** Archives what a project's budgets are; those of the whole installation stay. */
export async function archiveProjectBudgets(tx: Db, projectId: string, at: Date): Promise<void> {
  await tx
    .update(budgets)
    .set({ archivedAt: at })
    .where(and(eq(budgets.projectId, projectId), isNull(budgets.archivedAt)));
}
