import { z } from "zod";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const timely = scopeParams.extend({
  /** Seconds after its own time from which on an event is late, and no sign of life. */
  lateAfterSeconds: z.int().positive(),
});
const IS_TIMELY = "ingested_at <= ts + toIntervalSecond({lateAfter:UInt32})";
/** A sender's clock may be ahead: it was not heard of before it was heard. */
const HEARD = "least(ts, ingested_at)";
const SETTINGS = { max_threads: 2, max_execution_time: 20 } as const;

/**
 * When each source was heard of last, latest first. Rows, not calls: a voided or corrected one was sent all the same, so
 * nothing is to be merged.
 */
export const listLastHeard = defineQuery({
  name: "list-last-heard",
  params: timely.extend({ limit: z.int().positive() }),
  row: z.object({
    project_id: z.string(),
    source: z.string(),
    /** Microseconds since 1970. */
    last_us: z.string().transform(Number),
  }),
  settings: SETTINGS,
  sql: ({ lateAfterSeconds, limit, ...asked }) => {
    const where = whereCalls(asked);
    return {
      text: `
SELECT project_id, source, toString(toUnixTimestamp64Micro(max(${HEARD}))) AS last_us
FROM llm_calls WHERE ${where.text} AND ${IS_TIMELY}
GROUP BY project_id, source ORDER BY last_us DESC, project_id, source LIMIT {limit:UInt32}`,
      values: { ...where.values, lateAfter: lateAfterSeconds, limit },
    };
  },
});

/** The minutes in which some sources were heard of, ascending, in minutes since 1970. */
export const listSourceMinutes = defineQuery({
  name: "list-source-minutes",
  params: timely.extend({ sources: z.array(z.string()) }),
  row: z.object({
    project_id: z.string(),
    source: z.string(),
    minutes: z.array(z.int().nonnegative()),
  }),
  settings: SETTINGS,
  sql: ({ lateAfterSeconds, sources, ...asked }) => {
    const where = whereCalls(asked);
    return {
      text: `
SELECT project_id, source,
  arraySort(groupUniqArray(toUInt32(intDiv(toUnixTimestamp64Micro(${HEARD}), 60000000)))) AS minutes
FROM llm_calls WHERE ${where.text} AND ${IS_TIMELY} AND source IN {sources:Array(String)}
GROUP BY project_id, source ORDER BY project_id, source`,
      values: { ...where.values, lateAfter: lateAfterSeconds, sources },
    };
  },
});
