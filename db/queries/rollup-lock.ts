import { sql } from "drizzle-orm";
import type { Postgres } from "@/db/postgres";

/** Any constant; it must differ from the other advisory locks of the database. */
const ROLLUPS_LOCK = 7_301_648_204;

/**
 * Runs work while no other process of the installation runs it. The lock ends with its transaction, so a process
 * that dies gives it back. An embedded store belongs to one process and needs none; a transaction there would
 * stop every other query.
 * @returns null where another process is at it.
 */
export async function withRollupsLock<Result>(
  postgres: Pick<Postgres, "kind" | "db">,
  work: () => Promise<Result>,
): Promise<Result | null> {
  if (postgres.kind === "embedded") return work();
  return postgres.db.transaction(async (tx) => {
    const taken = tx
      .select({ isTaken: sql<boolean>`pg_try_advisory_xact_lock(${ROLLUPS_LOCK}::bigint)` })
      .from(sql`(select 1) as one`);
    const [row] = await taken;
    return row?.isTaken ? work() : null;
  });
}
