import { z } from "zod";
import { bucketStatesSql, currentFlipsSql, settledDaysSql } from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BLOCK_GRAINS, DAY_GRAIN, GRAINS, HOUR_GRAIN, startOf } from "@/db/clickhouse/cubes";
import { isRetiredSql } from "@/db/clickhouse/retired-rollups";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

const rollupRow = z.object({
  project_id: z.string(),
  grain: z.literal(GRAINS),
  /** Seconds since 1970. */
  start: z.int(),
});
/** A rollup that nobody needs any more. */
export type UnneededRollup = z.output<typeof rollupRow>;

/**
 * Hours whose day is clean and that are no use any more: those that ended before an instant, and those that changed
 * since, as the day is rebuilt for it.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listHoursToRetire(
  clickhouse: ClickHouse,
  endedBySeconds: number,
): Promise<UnneededRollup[]> {
  const kept = read(
    await clickhouse.query(
      `SELECT project_id, toUInt32(${HOUR_GRAIN}) AS grain, toUInt32(bucket) AS start
       FROM (${currentFlipsSql(HOUR_GRAIN, "1")}) WHERE NOT ${isRetiredSql("flip")}`,
    ),
  );
  if (kept.length === 0) return [];
  const since = kept.reduce((least, { start }) => Math.min(least, start), Number.MAX_SAFE_INTEGER);
  const where = "bucket >= toDateTime({since:UInt32}, 'UTC')";
  return read(
    await clickhouse.query(
      `SELECT project_id, toUInt32(${HOUR_GRAIN}) AS grain, toUInt32(bucket) AS start
       FROM (SELECT project_id, bucket, flip FROM (${currentFlipsSql(HOUR_GRAIN, where)})
         WHERE NOT ${isRetiredSql("flip")}) AS hours
       LEFT JOIN (
         SELECT project_id, toStartOfHour(changed) AS bucket, sum(own) AS latest
         FROM (SELECT project_id, bucket AS changed, latest AS own FROM (${bucketStatesSql(where)}))
         GROUP BY project_id, bucket) AS changes USING (project_id, bucket)
       WHERE (bucket < toDateTime({endedBy:UInt32}, 'UTC') OR flip.1 != latest)
         AND (project_id, toStartOfDay(bucket)) IN (${settledDaysSql(where)})`,
      { since: startOf(DAY_GRAIN, since), endedBy: endedBySeconds },
    ),
  );
}

/** Hours of a day and blocks that it lies in, those that are in use. @throws QueryFailedError, MalformedRowError */
export async function listRollupsInDay(
  clickhouse: ClickHouse,
  { projectId, dayStart }: { projectId: string; dayStart: number },
): Promise<UnneededRollup[]> {
  const blocks = BLOCK_GRAINS.map(
    (grain) => `(grain = ${grain} AND bucket = toDateTime(${startOf(grain, dayStart)}, 'UTC'))`,
  );
  return read(
    await clickhouse.query(
      `SELECT project_id, toUInt32(grain) AS grain, toUInt32(bucket) AS start FROM bucket_generations
       WHERE project_id = {projectId:String} AND (${blocks.join(" OR ")} OR (grain = ${HOUR_GRAIN}
         AND bucket >= toDateTime({dayStart:UInt32}, 'UTC') AND bucket < toDateTime({dayEnd:UInt32}, 'UTC')))
       GROUP BY project_id, grain, bucket HAVING NOT ${isRetiredSql("max(flip)")}`,
      { projectId, dayStart, dayEnd: dayStart + DAY_GRAIN },
    ),
  );
}

function read(rows: unknown[]): UnneededRollup[] {
  const parsed = z.array(rollupRow).safeParse(rows);
  if (!parsed.success) throw new MalformedRowError("list-rollups-to-retire", parsed.error);
  return parsed.data;
}
