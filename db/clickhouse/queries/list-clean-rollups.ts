import { z } from "zod";
import { bucketStatesSql, currentFlipsSql } from "@/db/clickhouse/bucket-states";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { coveredSql, isSealedSql } from "@/db/clickhouse/sealed-buckets";

/** `late`: sealed, and something came since: calls beside the sums. */
const SEALS = ["none", "sealed", "late"] as const;
export type Seal = (typeof SEALS)[number];
const SEAL = `multiIf(NOT ${isSealedSql("flip")}, 'none', ${coveredSql("flip")} = latest, 'sealed', 'late')`;

/**
 * The clean buckets and UTC days that touch a range, of each project that has some: starts in seconds since
 * 1970, ascending, and the generation of each. A day is clean where it covers the changes of all its buckets.
 * Sealed ones are among them whatever changed: they are never rebuilt.
 *
 * For an earlier moment only those of which nothing arrived or was revised after it: they sum exactly what was there
 * then, as what changed since would have made them stale. Of sealed ones that is not known.
 */
export const listCleanRollups = defineQuery({
  name: "list-clean-rollups",
  params: scopeParams.extend({
    /** Microseconds since 1970; null: now. */
    asOfUs: z.int().nonnegative().nullable().default(null),
  }),
  row: z.object({
    project_id: z.string(),
    grain: z.union([z.literal(BUCKET_GRAIN), z.literal(DAY_GRAIN)]),
    starts: z.array(z.int()),
    generations: z.array(z.string().transform(BigInt)),
    seals: z.array(z.enum(SEALS)),
  }),
  sql: ({ projectIds, fromUs, toUs, asOfUs }) => {
    const whole = (seconds: number) => Math.floor(seconds / DAY_GRAIN) * DAY_GRAIN;
    // Whole days: a day at an end of the range needs the changes of all its buckets.
    const fromDay = whole(Math.max(0, toBucket(fromUs)));
    const toDay = whole(toBucket(toUs - 1)) + DAY_GRAIN;
    const where = `project_id IN {projectIds:Array(String)}
      AND bucket >= toDateTime({fromDay:UInt32}, 'UTC') AND bucket < toDateTime({toDay:UInt32}, 'UTC')`;
    const isUsable =
      asOfUs === null
        ? `(flip.1 = latest OR ${isSealedSql("flip")})`
        : "flip.1 = latest AND flip.3 <= {asOfUs:UInt64}";
    return {
      text: `
SELECT project_id, grain, groupArray(start) AS starts, groupArray(generation) AS generations,
  groupArray(seal) AS seals
FROM (
  SELECT project_id, grain, start, generation, seal FROM (
    SELECT project_id, toUInt32(${BUCKET_GRAIN}) AS grain, toUInt32(bucket) AS start, flip.2 AS generation,
      ${SEAL} AS seal
    FROM (${bucketStatesSql(where)}) WHERE ${isUsable}
    UNION ALL
    SELECT project_id, toUInt32(${DAY_GRAIN}) AS grain, toUInt32(bucket) AS start, flip.2 AS generation,
      ${SEAL} AS seal
    FROM (
      SELECT project_id, toStartOfDay(changed) AS bucket, sum(last) AS latest
      FROM (SELECT project_id, bucket AS changed, writer, max(change) AS last FROM bucket_changes
        WHERE ${where} GROUP BY project_id, changed, writer)
      GROUP BY project_id, bucket) AS changes
    INNER JOIN (${currentFlipsSql(DAY_GRAIN, where)}) AS flips USING (project_id, bucket)
    WHERE ${isUsable})
  ORDER BY project_id, grain, start)
GROUP BY project_id, grain`,
      values: { projectIds, fromDay, toDay, ...(asOfUs === null ? {} : { asOfUs }) },
    };
  },
});
