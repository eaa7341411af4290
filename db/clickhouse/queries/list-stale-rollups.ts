import { z } from "zod";
import {
  bucketStatesSql,
  currentFlipsSql,
  generationFloor,
  settledDaysSql,
} from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { type BLOCK_GRAINS, BUCKET_GRAIN, DAY_GRAIN, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { isRetiredSql } from "@/db/clickhouse/retired-rollups";
import { isSealedSql } from "@/db/clickhouse/sealed-buckets";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

/** When something may be rebuilt. Both in ms since 1970. */
export interface RebuildTimes {
  /** What ended by then. */
  closedByMs: number;
  /** What was rebuilt after this waits: a stream of late events must not rebuild a bucket for each. */
  rebuiltByMs: number;
}

const staleRow = z.object({
  project_id: z.string(),
  /** Seconds since 1970. */
  start: z.int(),
  /** The change a generation begun now covers. */
  latest: z.string(),
  /** When the current generation was begun, in ms since 1970; 0 without one. */
  rebuilt_ms: z.string().transform(Number),
  is_ready: z.boolean(),
});
export type StaleBucket = z.output<typeof staleRow>;

const mergedRow = staleRow.extend({ generations: z.array(z.string().transform(BigInt)) });
/** What is merged from buckets, with their generations. */
export type StaleMerge = z.output<typeof mergedRow>;

const READY = `bucket <= toDateTime({closedBy:UInt32}, 'UTC') AND flip.2 < {rebuiltBy:UInt64}`;
const STALE = `project_id, toUInt32(bucket) AS start, latest, bitShiftRight(flip.2, 23) AS rebuilt_ms,
  toBool(${READY}) AS is_ready`;

/**
 * Buckets of all projects whose current generation does not cover their change: those that may be rebuilt
 * first, newest first.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listStaleBuckets(
  clickhouse: ClickHouse,
  times: RebuildTimes,
  limit: number,
): Promise<StaleBucket[]> {
  const rows = await clickhouse.query(
    `SELECT ${STALE} FROM (${bucketStatesSql("1")}) WHERE flip.1 != latest AND NOT ${isSealedSql("flip")}
     ORDER BY is_ready DESC, bucket DESC, project_id LIMIT {limit:UInt32}`,
    valuesOf(times, BUCKET_GRAIN, limit),
  );
  return read("list-stale-buckets", z.array(staleRow), rows);
}

/**
 * Days whose buckets are all clean and whose own generation does not cover them, with the generations to merge.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listStaleDays(
  clickhouse: ClickHouse,
  times: RebuildTimes,
  limit: number,
): Promise<StaleMerge[]> {
  const rows = await clickhouse.query(
    `SELECT ${STALE}, generations FROM (${mergedSql("toStartOfDay", "1")}) AS changes
     LEFT JOIN (${currentFlipsSql(DAY_GRAIN, "1")}) AS days USING (project_id, bucket)
     WHERE flip.1 != latest AND NOT ${isSealedSql("flip")}
     ORDER BY is_ready DESC, bucket DESC, project_id LIMIT {limit:UInt32}`,
    valuesOf(times, DAY_GRAIN, limit),
  );
  return read("list-stale-days", z.array(mergedRow), rows);
}

/**
 * The same of hours since the start of a day, of those days that have no clean generation of their own.
 * @param sinceSeconds start of a UTC day
 * @throws QueryFailedError, MalformedRowError
 */
export async function listStaleHours(
  clickhouse: ClickHouse,
  times: RebuildTimes,
  sinceSeconds: number,
  limit: number,
): Promise<StaleMerge[]> {
  const since = "bucket >= toDateTime({since:UInt32}, 'UTC')";
  const rows = await clickhouse.query(
    `SELECT ${STALE}, generations FROM (${mergedSql("toStartOfHour", since)}) AS changes
     LEFT JOIN (${currentFlipsSql(HOUR_GRAIN, since)}) AS hours USING (project_id, bucket)
     WHERE flip.1 != latest AND NOT ${isRetiredSql("flip")}
       AND (project_id, toStartOfDay(bucket)) NOT IN (${settledDaysSql(since)})
     ORDER BY is_ready DESC, bucket DESC, project_id LIMIT {limit:UInt32}`,
    { ...valuesOf(times, HOUR_GRAIN, limit), since: sinceSeconds },
  );
  return read("list-stale-hours", z.array(mergedRow), rows);
}

/** A block of days, and the newest arrival or revision that its days sum, in microseconds since 1970. */
const blockRow = mergedRow.extend({ newest_us: z.string() });
export type StaleBlock = z.output<typeof blockRow>;

/**
 * Blocks all of whose days are clean and whose own generation does not cover them, with the days' generations. One that
 * was there before waits until its days were left alone: a late event makes a day dirty and two blocks of it. It does
 * not wait for ever, as names that were erased are still in it.
 * @param times.patienceMs longer than what `rebuiltByMs` says, by so much, it waits for days that change on and on
 * @throws QueryFailedError, MalformedRowError
 */
export async function listStaleBlocks(
  clickhouse: ClickHouse,
  grain: (typeof BLOCK_GRAINS)[number],
  times: RebuildTimes & { patienceMs: number },
  limit: number,
): Promise<StaleBlock[]> {
  const { closedByMs, rebuiltByMs, patienceMs } = times;
  const rows = await clickhouse.query(
    `SELECT project_id, toUInt32(bucket) AS start, latest, generations, toString(newest) AS newest_us,
       if(flip.2 = 0, 0, least(bitShiftRight(last_generation, 23), bitShiftRight(flip.2, 23) + {patience:UInt64})) AS rebuilt_ms,
       toBool(bucket <= toDateTime({closedBy:UInt32}, 'UTC') AND rebuilt_ms < {rebuiltBy:UInt64}) AS is_ready
     FROM (
       SELECT project_id, toDateTime(intDiv(toUInt32(day), ${grain}) * ${grain}, 'UTC') AS bucket, sum(own) AS latest,
         groupArray(day_flip.2) AS generations, max(day_flip.2) AS last_generation, max(day_flip.3) AS newest
       FROM (
         SELECT project_id, toStartOfDay(changed) AS day, sum(one) AS own
         FROM (SELECT project_id, bucket AS changed, latest AS one FROM (${bucketStatesSql("1")}))
         GROUP BY project_id, day) AS changes
       LEFT JOIN (SELECT project_id, bucket AS day, flip AS day_flip FROM (${currentFlipsSql(DAY_GRAIN, "1")})) AS flips
         USING (project_id, day)
       GROUP BY project_id, bucket HAVING min(day_flip.1 = own)) AS spans
     LEFT JOIN (${currentFlipsSql(grain, "1")}) AS blocks USING (project_id, bucket)
     WHERE flip.1 != latest AND NOT ${isRetiredSql("flip")}
     ORDER BY is_ready DESC, bucket DESC, project_id LIMIT {limit:UInt32}`,
    {
      closedBy: Math.max(0, Math.floor(closedByMs / 1000) - grain),
      rebuiltBy: Math.max(1, Math.floor(rebuiltByMs)),
      patience: Math.max(0, Math.floor(patienceMs)),
      limit,
    },
  );
  return read("list-stale-blocks", z.array(blockRow), rows);
}

/** SQL: spans all of whose buckets are clean: the sum of their changes, and their generations. */
function mergedSql(span: "toStartOfHour" | "toStartOfDay", where: string): string {
  return `SELECT project_id, ${span}(changed) AS bucket, sum(own) AS latest, groupArray(own_flip.2) AS generations
       FROM (SELECT project_id, bucket AS changed, latest AS own, flip AS own_flip FROM (${bucketStatesSql(where)}))
       GROUP BY project_id, bucket HAVING min(own_flip.1 = own)`;
}

const behindRows = z.tuple([z.object({ buckets: z.coerce.number().int(), oldest: z.int() })]);

/**
 * How many buckets of 15 minutes could have been rebuilt and were not, and the start of the oldest (seconds since
 * 1970; null: none).
 * @throws QueryFailedError, MalformedRowError
 */
export async function countStaleBuckets(
  clickhouse: ClickHouse,
  times: RebuildTimes,
): Promise<{ buckets: number; oldest: number | null }> {
  const rows = await clickhouse.query(
    `SELECT count() AS buckets, toUInt32(min(bucket)) AS oldest FROM (${bucketStatesSql("1")})
     WHERE flip.1 != latest AND NOT ${isSealedSql("flip")} AND ${READY}`,
    valuesOf(times, 900, 1),
  );
  const [{ buckets, oldest }] = read("count-stale-buckets", behindRows, rows);
  return { buckets, oldest: buckets === 0 ? null : oldest };
}

function valuesOf({ closedByMs, rebuiltByMs }: RebuildTimes, grain: number, limit: number) {
  return {
    closedBy: Math.max(0, Math.floor(closedByMs / 1000) - grain),
    rebuiltBy: generationFloor(rebuiltByMs),
    limit,
  };
}

function read<Rows>(name: string, schema: z.ZodType<Rows>, rows: unknown[]): Rows {
  const parsed = schema.safeParse(rows);
  if (!parsed.success) throw new MalformedRowError(name, parsed.error);
  return parsed.data;
}
