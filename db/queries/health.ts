import { count, inArray, max, ne, sql } from "drizzle-orm";
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
 * What the processes that take events have told last.
 * @param ownId the spool that is left out: its process knows it better; null: none
 * @param livingSince who was not heard of since is gone
 * @returns the events that wait in all of them together, and the least that the living are fresh to; null: none lives
 */
export async function sumOtherSpools(db: Db, ownId: string | null, livingSince: Date) {
  const isLiving = sql`${spools.seenAt} > ${livingSince.toISOString()}::timestamptz`;
  const [row] = await db
    .select({
      events: sql<number>`coalesce(sum(${spools.backlogEvents}), 0)`.mapWith(Number),
      freshTo: sql<Date | null>`min(${spools.freshTo}) filter (where ${isLiving})`.mapWith(
        spools.freshTo,
      ),
    })
    .from(spools)
    .where(ownId === null ? undefined : ne(spools.id, ownId));
  return { events: row?.events ?? 0, freshTo: row?.freshTo ?? null };
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
