import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { alerts } from "@/db/schema/alerts";

export type AlertRow = typeof alerts.$inferSelect;
export type NewAlertRow = typeof alerts.$inferInsert;

/** PostgreSQL takes 65,535 values a statement, and a row has at most eighteen. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Adds alerts whose key is not there yet. In the order of their keys, so that two transactions that find the same ones
 * wait for each other and never both.
 * @returns those that were added
 */
export async function insertAlertRows(tx: Db, rows: readonly NewAlertRow[]): Promise<AlertRow[]> {
  const ordered = rows.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const added: AlertRow[] = [];
  for (let start = 0; start < ordered.length; start += ROWS_PER_STATEMENT) {
    const some = ordered.slice(start, start + ROWS_PER_STATEMENT);
    const target = { target: alerts.key };
    added.push(...(await tx.insert(alerts).values(some).onConflictDoNothing(target).returning()));
  }
  return added;
}

/** Says that these are over. @returns ids of those that were not yet */
export async function resolveAlertRows(
  tx: Db,
  ids: readonly string[],
  resolvedAt: Date,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const resolved = await tx
    .update(alerts)
    .set({ resolvedAt })
    .where(and(inArray(alerts.id, [...ids]), isNull(alerts.resolvedAt)))
    .returning({ id: alerts.id });
  return resolved.map(({ id }) => id);
}

/** One alert; or null. */
export async function findAlertRow(db: Db, id: string): Promise<AlertRow | null> {
  const [row] = await db.select().from(alerts).where(eq(alerts.id, id));
  return row ?? null;
}

/** Alerts of a kind about a subject that are not over. */
export async function listOpenAlertRows(db: Db, kind: string, subject: string) {
  return db
    .select()
    .from(alerts)
    .where(and(eq(alerts.kind, kind), eq(alerts.subject, subject), isNull(alerts.resolvedAt)));
}
