import { count, inArray, max, min, sql } from "drizzle-orm";
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

/** What the processes that take events have told last: their backlog together, and the least they are all fresh to; null: there is none. */
export async function sumSpools(db: Db) {
  const [row] = await db
    .select({
      processes: count(),
      events: sql<number>`coalesce(sum(${spools.backlogEvents}), 0)`.mapWith(Number),
      freshTo: min(spools.freshTo),
    })
    .from(spools);
  return row && row.processes > 0 ? row : null;
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
