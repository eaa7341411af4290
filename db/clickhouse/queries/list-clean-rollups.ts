import { z } from "zod";
import { DAY_GRAIN, GRAINS, startOf } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { coveredSql, isSealedSql } from "@/db/clickhouse/sealed-buckets";

/** `late`: sealed, and something came since: calls beside the sums. */
const SEALS = ["none", "sealed", "late"] as const;
export type Seal = (typeof SEALS)[number];
const SEAL = `multiIf(NOT ${isSealedSql("flip")}, 'none', ${coveredSql("flip")} = latest, 'sealed', 'late')`;

const NO_FLIP = "(toUInt64(0), toUInt64(0), toUInt64(0))";

/**
 * The clean buckets, hours, UTC days and blocks of days that touch a range, of each project that has some: starts in seconds since
 * 1970, ascending, and the generation of each. What is larger than a bucket is clean where it covers the changes of all
 * its buckets; blocks that only reach into the range are left out.
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
  row: z
    .object({
      project_id: z.string(),
      grain: z.literal(GRAINS),
      starts: z.array(z.int()),
      generations: z.array(z.string().transform(BigInt)),
      /** Microseconds since 1970. */
      newest: z.array(z.string().transform(Number)),
      /** Empty in the engine's answer where none is sealed. */
      seals: z.array(z.enum(SEALS)),
    })
    .transform((row) => ({
      ...row,
      seals: row.seals.length > 0 ? row.seals : row.starts.map((): Seal => "none"),
    })),
  sql: ({ projectIds, fromUs, toUs, asOfUs }) => {
    // Whole days: a day at an end of the range needs the changes of all its buckets.
    const fromDay = startOf(DAY_GRAIN, Math.max(0, toBucket(fromUs)));
    const toDay = startOf(DAY_GRAIN, toBucket(toUs - 1)) + DAY_GRAIN;
    const where = `project_id IN {projectIds:Array(String)}
      AND bucket >= toDateTime({fromDay:UInt32}, 'UTC') AND bucket < toDateTime({toDay:UInt32}, 'UTC')`;
    const isUsable =
      asOfUs === null
        ? `flip.1 = latest OR ${isSealedSql("flip")}`
        : "flip.1 = latest AND flip.3 <= {asOfUs:UInt64}";
    // Each table is read once, and nothing is joined: this is asked before every sum, and was half of its time. What
    // no change is known of is not clean, whatever was flipped: a project's rollups are removed in that order.
    return {
      text: `
SELECT project_id, grain, groupArray(start) AS starts, groupArray(flip.2) AS generations,
  groupArray(flip.3) AS newest,
  if(max(${isSealedSql("flip")}), groupArray(${SEAL}), []) AS seals
FROM (
  SELECT project_id, grain, start, sum(last) AS latest, max(state) AS flip
  FROM (
    SELECT project_id, grain, toUInt32(intDiv(toUInt32(bucket), grain) * grain) AS start, last, ${NO_FLIP} AS state
    FROM (SELECT project_id, bucket, writer, max(change) AS last FROM bucket_changes
      WHERE ${where} GROUP BY project_id, bucket, writer)
    ARRAY JOIN [${GRAINS.map((grain) => `toUInt32(${grain})`).join(", ")}] AS grain
    UNION ALL
    SELECT project_id, grain, toUInt32(bucket) AS start, toUInt64(0) AS last, flip AS state
    FROM bucket_generations WHERE ${where})
  GROUP BY project_id, grain, start
  HAVING latest > 0 AND flip.2 > 0 AND start + grain <= {toDay:UInt32} AND (${isUsable})
  ORDER BY project_id, grain, start)
GROUP BY project_id, grain`,
      values: { projectIds, fromDay, toDay, ...(asOfUs === null ? {} : { asOfUs }) },
    };
  },
});
