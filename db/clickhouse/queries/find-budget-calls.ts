import { z } from "zod";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

/**
 * Calls by their identities, with what budgets count of them. What does not count, and what is not there, is left out.
 */
export const findBudgetCalls = defineQuery({
  name: "find-budget-calls",
  params: scopeParams.extend({
    identities: z.array(z.object({ projectId: z.string(), bucket: z.int(), id: z.string() })),
    /** Only what had arrived by then, microseconds since 1970. */
    arrivedByUs: z.int(),
  }),
  row: z.record(z.string(), z.unknown()),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ projectIds, fromUs, toUs, identities, arrivedByUs }) => ({
    text: `
SELECT project_id, id, ts, ingested_at, type, agent, task, task_type, feature, user,
  session, trace_id, provider, model, has_usage, input_tokens, output_tokens, duration_ms, reservation_id, cost_usd
FROM llm_calls FINAL
WHERE project_id IN {projectIds:Array(String)}
  AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC') AND id IN {ids:Array(String)}
  AND has(arrayZip({projects:Array(String)}, {buckets:Array(UInt32)}, {ids:Array(String)}),
    (toString(project_id), toUInt32(bucket), id))
  AND counted AND ingested_at <= fromUnixTimestamp64Micro({arrivedByUs:Int64}, 'UTC')`,
    values: {
      projectIds,
      from: Math.max(0, Math.floor(fromUs / 1e6)),
      to: Math.ceil(toUs / 1e6),
      projects: identities.map(({ projectId }) => projectId),
      buckets: identities.map(({ bucket }) => bucket),
      ids: identities.map(({ id }) => id),
      arrivedByUs,
    },
  }),
});
