import { z } from "zod";
import { whereCalls } from "@/db/clickhouse/filters";
import { storedCall } from "@/db/clickhouse/queries/revise-calls";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

/** Whole rows by their identities; perhaps some more, of one of the ids in another of the buckets. */
export const listCallsByKeys = defineQuery({
  name: "list-calls-by-keys",
  params: scopeParams.extend({
    /** Seconds since 1970. */
    buckets: z.array(z.int()),
    ids: z.array(z.string()),
  }),
  row: storedCall,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ buckets, ids, ...scope }) => {
    const { text, values } = whereCalls(scope);
    return {
      text: `
SELECT * FROM llm_calls FINAL
WHERE ${text} AND toUInt32(bucket) IN {buckets:Array(UInt32)} AND id IN {ids:Array(String)}`,
      values: { ...values, buckets, ids },
    };
  },
});

/** Whole rows of the calls of some traces, and of log records that stand in none. */
export const listCallsOfTraces = defineQuery({
  name: "list-calls-of-traces",
  params: scopeParams.extend({ traceIds: z.array(z.string()), ids: z.array(z.string()) }),
  row: storedCall,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ traceIds, ids, ...scope }) => {
    const { text, values } = whereCalls(scope);
    return {
      // The keys first, from the few columns that takes: a trace's id is a fact, the same in every revision.
      text: `
SELECT * FROM llm_calls FINAL
WHERE ${text} AND (project_id, bucket, id) IN (
  SELECT project_id, bucket, id FROM llm_calls
  WHERE ${text} AND (trace_id IN {traceIds:Array(String)} OR id IN {ids:Array(String)}))`,
      values: { ...values, traceIds, ids },
    };
  },
});
