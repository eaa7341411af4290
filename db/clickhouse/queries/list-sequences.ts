import { z } from "zod";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const number = z.string().transform(Number);
const instantUs = z.string().transform(Number);
const HAS_NUMBER = "source != '' AND sequence IS NOT NULL";
const SETTINGS = { max_threads: 2, max_execution_time: 20 } as const;

/**
 * The sources that number their events, and whether their numbers leave nothing to look for: each number once and none
 * between missing. Voided calls and later revisions of a call arrived all the same; they are rows here.
 */
export const listSources = defineQuery({
  name: "list-sources",
  params: scopeParams,
  row: z.object({
    project_id: z.string(),
    source: z.string(),
    first: number,
    last: number,
    is_complete: z.boolean(),
    /** Of the first and the last event, microseconds since 1970. */
    first_us: instantUs,
    last_us: instantUs,
  }),
  settings: SETTINGS,
  sql: (asked) => {
    const where = whereCalls(asked);
    return {
      text: `
SELECT project_id, source, toString(least_number) AS first, toString(greatest_number) AS last,
  toBool(row_count = numbers AND greatest_number - least_number + 1 = numbers) AS is_complete,
  toString(toUnixTimestamp64Micro(first_ts)) AS first_us, toString(toUnixTimestamp64Micro(last_ts)) AS last_us
FROM (
  SELECT project_id, source, count() AS row_count, uniqExact(assumeNotNull(sequence)) AS numbers,
    min(assumeNotNull(sequence)) AS least_number, max(assumeNotNull(sequence)) AS greatest_number,
    min(ts) AS first_ts, max(ts) AS last_ts
  FROM llm_calls WHERE ${where.text} AND ${HAS_NUMBER}
  GROUP BY project_id, source)
ORDER BY last_ts DESC, project_id, source`,
      values: where.values,
    };
  },
});

/** The numbers of some sources in order of event time, the latest `limit` of each; an event that came twice is one. */
export const listSequences = defineQuery({
  name: "list-sequences",
  params: scopeParams.extend({ sources: z.array(z.string()), limit: z.int().positive() }),
  row: z.object({
    project_id: z.string(),
    source: z.string(),
    numbers: z.array(z.string().transform(Number)),
    /** Microseconds since 1970, of each number. */
    times: z.array(z.string().transform(Number)),
  }),
  settings: { ...SETTINGS, do_not_merge_across_partitions_select_final: 1 },
  sql: ({ sources, limit, ...asked }) => {
    const where = whereCalls(asked);
    return {
      text: `
SELECT project_id, source, arrayMap(x -> toString(x.2), cells) AS numbers, arrayMap(x -> toString(x.1), cells) AS times
FROM (
  SELECT project_id, source, arraySort(groupArray((toUnixTimestamp64Micro(ts), assumeNotNull(sequence)))) AS cells
  FROM (
    SELECT project_id, source, ts, sequence FROM llm_calls FINAL
    WHERE ${where.text} AND ${HAS_NUMBER} AND source IN {sources:Array(String)}
    ORDER BY project_id, source, ts DESC, sequence DESC LIMIT {limit:UInt32} BY project_id, source)
  GROUP BY project_id, source)
ORDER BY project_id, source`,
      values: { ...where.values, sources, limit },
    };
  },
});
