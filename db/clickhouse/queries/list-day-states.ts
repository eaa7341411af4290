import { z } from "zod";
import { bucketStatesSql, currentFlipsSql } from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

const stateRow = z.object({
  project_id: z.string(),
  /** Start of the UTC day, seconds since 1970. */
  day: z.int(),
  /** Another text where a bucket changed, or a rollup of the day was replaced. */
  state: z.string(),
  /** Buckets that ended by `closedBySeconds` and whose rollup does not cover their change. */
  dirty_closed: z.string().transform(Number),
});
export type DayState = z.output<typeof stateRow>;

/** Days of one project; `to` excluded, seconds since 1970. */
export interface ProjectDays {
  projectId: string;
  from: number;
  to: number;
}

/**
 * Every day that has or had calls and the state of its buckets, of all projects or of some days of one.
 * @param closedBySeconds a bucket that ended later may be without a rollup.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listDayStates(
  clickhouse: ClickHouse,
  closedBySeconds: number,
  only: ProjectDays | null,
): Promise<DayState[]> {
  const where = only === null ? "1" : OF_PROJECT;
  const rows = await clickhouse.query(
    `SELECT project_id, toUInt32(day) AS day, dirty_closed,
       concat(toString(changes), ' ', toString(flip.2)) AS state
     FROM (
       SELECT project_id, toStartOfDay(changed) AS bucket, toStartOfDay(changed) AS day,
         cityHash64(arraySort(groupArray((changed, latest, own_flip.1, own_flip.2)))) AS changes,
         toString(countIf(own_flip.1 != latest AND changed < toDateTime({closedBy:UInt32}, 'UTC'))) AS dirty_closed
       FROM (SELECT project_id, bucket AS changed, latest, flip AS own_flip FROM (${bucketStatesSql(where)}))
       GROUP BY project_id, bucket) AS days
     LEFT JOIN (${currentFlipsSql(DAY_GRAIN, where)}) AS flips USING (project_id, bucket)
     ORDER BY day DESC, project_id`,
    { ...only, closedBy: Math.max(0, closedBySeconds - BUCKET_GRAIN + 1) },
    { max_threads: 1, max_execution_time: 60 },
  );
  return read("list-day-states", z.array(stateRow), rows);
}

const OF_PROJECT =
  "project_id = {projectId:String} AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')";

const changeRow = z.object({
  bucket: z.int(),
  /** Last change of one writer: microseconds since 1970 by the writer's clock, or a small number. */
  change: z.string().transform(Number),
});

/** When each writer last changed each bucket of these days. @throws QueryFailedError, MalformedRowError */
export async function listLastChanges(
  clickhouse: ClickHouse,
  only: ProjectDays,
): Promise<z.output<typeof changeRow>[]> {
  const rows = await clickhouse.query(
    `SELECT toUInt32(start) AS bucket, last AS change FROM (
       SELECT bucket AS start, writer, max(change) AS last FROM bucket_changes
       WHERE ${OF_PROJECT} GROUP BY bucket, writer)`,
    { ...only },
    { max_threads: 1 },
  );
  return read("list-last-changes", z.array(changeRow), rows);
}

function read<Rows>(name: string, schema: z.ZodType<Rows>, rows: unknown[]): Rows {
  const parsed = schema.safeParse(rows);
  if (!parsed.success) throw new MalformedRowError(name, parsed.error);
  return parsed.data;
}
