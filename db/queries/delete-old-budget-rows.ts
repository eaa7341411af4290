import { type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { budgetEvents, budgetShifts, budgets, refusals, reservations } from "@/db/schema/budgets";
import { projects } from "@/db/schema/projects";

/** A statement's worth: nobody waits long for it, and an embedded store does nothing else meanwhile. */
const BATCH_ROWS = 1_000;

/**
 * Deletes a batch of what no decision needs any more: reservations that ended for good (by their event or given up)
 * before one instant; those that expired, claims of events and refusals of before another. What is held or presumed
 * spent stays, however old; rows that somebody works at are left for the next time. A shift goes, of whatever age, once
 * nobody can ask for it: its call is deleted, so no correction or rebuild finds it, or its budget is archived.
 * @returns whether there may be more
 */
export async function deleteOldBudgetRows(
  db: Db,
  { endedBefore, before }: { endedBefore: Date; before: Date },
): Promise<boolean> {
  const at = before.toISOString();
  const endedAt = endedBefore.toISOString();
  const seconds = Math.floor(before.getTime() / 1000);
  const isEnded = sql`state in ('settled', 'released') and ended_at < ${endedAt}::timestamptz`;
  const deleted = [
    await deleteSome(db, budgetEvents, sql`bucket < ${seconds}::bigint`),
    await deleteSome(db, reservations, isEnded),
    await deleteSome(db, reservations, sql`ended_at < ${at}::timestamptz`),
    await deleteSome(db, refusals, sql`hour < ${at}::timestamptz`),
    await deleteSome(db, budgetShifts, IS_WITHOUT_USE),
  ];
  return deleted.some((rows) => rows === BATCH_ROWS);
}

/** Shifts whose day is sealed, or whose budget decides nothing any more. */
const IS_WITHOUT_USE = sql`
  exists (select from ${projects} p where p.id = ${budgetShifts}.project_id
    and p.sealed_before > to_timestamp(${budgetShifts}.bucket))
  or exists (select from ${budgets} b where b.id = ${budgetShifts}.budget_id and b.archived_at is not null)`;

async function deleteSome(
  db: Db,
  table: typeof budgetEvents | typeof budgetShifts | typeof reservations | typeof refusals,
  isOld: SQL,
): Promise<number> {
  const gone = await db.execute(sql`
    delete from ${table} where ctid in (
      select ctid from ${table} where ${isOld} limit ${BATCH_ROWS}::int for update skip locked)
    returning 1`);
  return rowsOf(gone).length;
}
