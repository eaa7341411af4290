import { and, asc, eq, gte, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { corrections } from "@/db/schema/corrections";
import { spendCounters, spools } from "@/db/schema/counters";
import { linkBatches } from "@/db/schema/link-batches";

export type CounterRow = typeof spendCounters.$inferSelect;
export type SpoolRow = typeof spools.$inferSelect;

/** What a counter should say. */
export interface CounterSums {
  events: number;
  costUsd: string;
  unknownCosts: number;
}

/** Counters of a project's buckets, `to` excluded (seconds since 1970). */
export function listCounters(
  db: Db,
  projectId: string,
  range: { from: number; to: number },
): Promise<CounterRow[]> {
  return db
    .select()
    .from(spendCounters)
    .where(
      and(
        eq(spendCounters.projectId, projectId),
        gte(spendCounters.bucket, range.from),
        lt(spendCounters.bucket, range.to),
      ),
    )
    .orderBy(asc(spendCounters.bucket));
}

/** How far the counters have followed each process. */
export function listSpools(db: Db): Promise<SpoolRow[]> {
  return db.select().from(spools).orderBy(asc(spools.id));
}

/** Sets a counter that nobody has moved since it was read. @returns false where somebody has. */
export async function replaceCounter(
  db: Db,
  read: CounterRow,
  sums: CounterSums,
): Promise<boolean> {
  const replaced = await db
    .update(spendCounters)
    .set({ ...sums, changedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(spendCounters.projectId, read.projectId),
        eq(spendCounters.bucket, read.bucket),
        // Driver times have milliseconds and the store's have microseconds, so the values are asked for as well.
        sql`date_trunc('milliseconds', ${spendCounters.changedAt}) = ${read.changedAt.toISOString()}::timestamptz`,
        eq(spendCounters.events, read.events),
        eq(spendCounters.costUsd, read.costUsd),
        eq(spendCounters.unknownCosts, read.unknownCosts),
      ),
    )
    .returning({ bucket: spendCounters.bucket });
  return replaced.length === 1;
}

/** Makes a counter that does not exist. @returns false where somebody was faster. */
export async function buildCounter(
  db: Db,
  projectId: string,
  bucket: number,
  sums: CounterSums,
): Promise<boolean> {
  const built = await db
    .insert(spendCounters)
    .values({ projectId, bucket, ...sums, changedAt: sql`clock_timestamp()` })
    .onConflictDoNothing()
    .returning({ bucket: spendCounters.bucket });
  return built.length === 1;
}

/**
 * Whether a correction is under way that may touch a project's calls of this range (microseconds since 1970), or traces of
 * it are being linked.
 */
export async function hasRunningCorrection(
  db: Db,
  projectId: string,
  range: { fromUs: number; toUs: number },
): Promise<boolean> {
  const rows = await db
    .select({ id: corrections.id })
    .from(corrections)
    .where(
      and(
        // One that was cancelled or failed still settles what its last batch began.
        isNotNull(corrections.startedAt),
        isNull(corrections.finishedAt),
        eq(corrections.isDryRun, false),
        sql`${projectId} = any(${corrections.projectIds})`,
        lt(corrections.fromUs, range.toUs),
        sql`${corrections.toUs} > ${range.fromUs}`,
      ),
    )
    .limit(1);
  if (rows.length > 0) return true;
  const linking = await db
    .select({ id: linkBatches.id })
    .from(linkBatches)
    .where(eq(linkBatches.projectId, projectId))
    .limit(1);
  return linking.length > 0;
}
