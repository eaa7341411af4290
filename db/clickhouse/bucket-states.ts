import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { isSealedSql } from "@/db/clickhouse/sealed-buckets";

/**
 * The state of buckets as SQL: `latest`, the sum of each writer's last change, beside `flip.1`, `flip.2` and
 * `flip.3`: the change that the current generation covers, that generation (0 and 0: there is none), and the newest
 * arrival or revision among its calls.
 * @param where narrows both tables by `project_id` and `bucket`.
 */
export function bucketStatesSql(where: string): string {
  return `
    SELECT project_id, bucket, latest, flip
    FROM (
      SELECT project_id, bucket, sum(last) AS latest
      FROM (SELECT project_id, bucket, writer, max(change) AS last FROM bucket_changes
        WHERE ${where} GROUP BY project_id, bucket, writer)
      GROUP BY project_id, bucket) AS changes
    LEFT JOIN (${currentFlipsSql(BUCKET_GRAIN, where)}) AS flips USING (project_id, bucket)`;
}

/** The current flip of each bucket or day of a grain. */
export function currentFlipsSql(grain: number, where: string): string {
  return `SELECT project_id, bucket, max(flip) AS flip FROM bucket_generations
      WHERE grain = ${grain} AND ${where} GROUP BY project_id, bucket`;
}

/** SQL: days whose own generation covers all changes of their buckets, and sealed ones. @param where of whole days */
export function settledDaysSql(where: string): string {
  return `SELECT project_id, day FROM (
      SELECT project_id, toStartOfDay(changed) AS day, sum(own) AS day_latest
      FROM (SELECT project_id, bucket AS changed, latest AS own FROM (${bucketStatesSql(where)}))
      GROUP BY project_id, day) AS changed_days
    INNER JOIN (SELECT project_id, bucket AS day, flip AS day_flip FROM (${currentFlipsSql(DAY_GRAIN, where)})) AS flipped_days
      USING (project_id, day)
    WHERE day_flip.1 = day_latest OR ${isSealedSql("day_flip")}`;
}

/**
 * A generation's number holds when it was begun: ms since 1970, then 23 bits that tell generations of one
 * millisecond apart. So it is unique in the table, and one list of numbers names what a question reads.
 */
export const GENERATION_TIME_BITS = 23n;

/** The least generation begun at an instant. */
export function generationFloor(atMs: number): string {
  return (BigInt(Math.max(0, Math.floor(atMs))) << GENERATION_TIME_BITS).toString();
}
