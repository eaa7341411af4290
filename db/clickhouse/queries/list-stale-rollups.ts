import { z } from "zod";
import { bucketStatesSql, currentFlipsSql, generationFloor } from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { isSealedSql } from "@/db/clickhouse/sealed-buckets";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

/** When something may be rebuilt. Both in ms since 1970. */
export interface RebuildTimes {
  /** Buckets and days that ended by then. */
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

const dayRow = staleRow.extend({ generations: z.array(z.string().transform(BigInt)) });
export type StaleDay = z.output<typeof dayRow>;

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
    valuesOf(times, 900, limit),
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
): Promise<StaleDay[]> {
  const rows = await clickhouse.query(
    `SELECT ${STALE}, generations FROM (
       SELECT project_id, toStartOfDay(changed) AS bucket, sum(own) AS latest, groupArray(own_flip.2) AS generations
       FROM (SELECT project_id, bucket AS changed, latest AS own, flip AS own_flip FROM (${bucketStatesSql("1")}))
       GROUP BY project_id, bucket HAVING min(own_flip.1 = own)) AS changes
     LEFT JOIN (${currentFlipsSql(DAY_GRAIN, "1")}) AS days USING (project_id, bucket)
     WHERE flip.1 != latest AND NOT ${isSealedSql("flip")}
     ORDER BY is_ready DESC, bucket DESC, project_id LIMIT {limit:UInt32}`,
    valuesOf(times, DAY_GRAIN, limit),
  );
  return read("list-stale-days", z.array(dayRow), rows);
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
