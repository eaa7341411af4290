import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { alertRules } from "@/db/schema/alerts";

export type AlertRuleRow = typeof alertRules.$inferSelect;

/** Every rule that was set: a few. */
export async function listAlertRuleRows(db: Db): Promise<AlertRuleRow[]> {
  return db.select().from(alertRules).orderBy(asc(alertRules.kind), asc(alertRules.id));
}

/** Where a rule counts: in one project, or (null) in all without one of their own. */
export interface AlertRulePlace {
  kind: string;
  projectId: string | null;
}

const isAt = ({ kind, projectId }: AlertRulePlace) =>
  and(
    eq(alertRules.kind, kind),
    projectId === null ? isNull(alertRules.projectId) : eq(alertRules.projectId, projectId),
  );

/** One rule, and nobody else changes it until the transaction ends; null: none was set. */
export async function lockAlertRuleRow(
  tx: Db,
  place: AlertRulePlace,
): Promise<AlertRuleRow | null> {
  const [row] = await tx.select().from(alertRules).where(isAt(place)).for("update");
  return row ?? null;
}

/** Sets a rule, whether there was one or not: two who set it at once leave one. */
export async function saveAlertRuleRow(
  tx: Db,
  row: AlertRulePlace &
    Pick<AlertRuleRow, "enabled" | "floorUsd" | "audience" | "options" | "updatedBy">,
): Promise<AlertRuleRow> {
  // The index is over an expression, which a conflict target cannot name here: whoever comes second waits, then changes.
  const [made] = await tx.insert(alertRules).values(row).onConflictDoNothing().returning();
  if (made) return made;
  const { kind: _kind, projectId: _projectId, ...set } = row;
  const [saved] = await tx
    .update(alertRules)
    .set({ ...set, updatedAt: sql`now()` })
    .where(isAt(row))
    .returning();
  if (!saved) throw new Error("the rule was not stored");
  return saved;
}

/** Takes a rule away. */
export async function deleteAlertRuleRow(tx: Db, place: AlertRulePlace): Promise<void> {
  await tx.delete(alertRules).where(isAt(place));
}
