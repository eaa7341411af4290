import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { budgetEvents, refusals, reservations } from "@/db/schema/budgets";

/** A statement's worth: nobody waits long for its locks. */
const BATCH_ROWS = 5_000;

/**
 * Deletes a batch of what no decision needs any more: claims of events, reservations that ended, and refusals of before
 * an instant. What is held or presumed spent stays, however old; rows that somebody works at are left for the next time.
 * @returns whether there may be more
 */
export async function deleteOldBudgetRows(db: Db, before: Date): Promise<boolean> {
  const at = before.toISOString();
  const seconds = Math.floor(before.getTime() / 1000);
  const deleted = [
    await deleteSome(db, budgetEvents, sql`bucket < ${seconds}::bigint`),
    await deleteSome(db, reservations, sql`ended_at < ${at}::timestamptz`),
    await deleteSome(db, refusals, sql`hour < ${at}::timestamptz`),
  ];
  return deleted.some((rows) => rows === BATCH_ROWS);
}

async function deleteSome(
  db: Db,
  table: typeof budgetEvents | typeof reservations | typeof refusals,
  isOld: SQL,
): Promise<number> {
  const gone = await db.execute(sql`
    delete from ${table} where ctid in (
      select ctid from ${table} where ${isOld} limit ${BATCH_ROWS}::int for update skip locked)
    returning 1`);
  return rowsOf(gone).length;
}
