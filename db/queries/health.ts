import { count, gt, inArray, max, min, or, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { spools } from "@/db/schema/counters";
import { integrityDays } from "@/db/schema/integrity";

/** PostgreSQL's own version, such as `15.8`. */
export async function findPostgresVersion(db: Db): Promise<string> {
  const [row] = await db
    .select({ version: sql<string>`current_setting('server_version')` })
    .from(sql`(values (1)) as one`);
  if (!row) throw new Error("PostgreSQL told no version");
  return row.version;
}

/**
 * What the processes that take events have told last: their backlog together, and the least they are all fresh to.
 * @param livingSince who was not heard of since is gone: it matters only with what it left behind, as it is fresh to
 * its end alone
 * @returns null where there is none
 */
export async function sumSpools(db: Db, livingSince: Date) {
  const [row] = await db
    .select({
      processes: count(),
      events: sql<number>`coalesce(sum(${spools.backlogEvents}), 0)`.mapWith(Number),
      freshTo: min(spools.freshTo),
    })
    .from(spools)
    .where(or(gt(spools.seenAt, livingSince), gt(spools.backlogEvents, 0)));
  return row && row.processes > 0 ? row : null;
}

/** The least that all living processes are fresh to: what each accepted up to then is queryable; null: there is none. */
export async function findFreshTo(db: Db, livingSince: Date): Promise<Date | null> {
  const [row] = await db
    .select({ freshTo: min(spools.freshTo) })
    .from(spools)
    .where(gt(spools.seenAt, livingSince));
  return row?.freshTo ?? null;
}

/** How many days of these projects were compared, by state, and when the last one was. */
export async function countComparedDays(db: Db, projectIds: readonly string[]) {
  if (projectIds.length === 0) return [];
  return db
    .select({
      state: integrityDays.state,
      days: count(),
      checkedAt: max(integrityDays.checkedAt),
    })
    .from(integrityDays)
    .where(inArray(integrityDays.projectId, [...projectIds]))
    .groupBy(integrityDays.state);
}
