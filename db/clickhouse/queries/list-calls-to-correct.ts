import { z } from "zod";
import { filterParam, whereCalls } from "@/db/clickhouse/filters";
import { storedCall } from "@/db/clickhouse/queries/revise-calls";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";

/**
 * Whole rows in the table's order, of one project: those that match, and those that this correction changed already,
 * which may match no longer. The keys are chosen first, from the few columns that takes.
 */
export const listCallsToCorrect = defineQuery({
  name: "list-calls-to-correct",
  params: scopeParams.extend({
    projectIds: z.array(z.string()).length(1),
    /** null: only those that this correction changed already. */
    filters: z.array(filterParam).nullable(),
    /** One call's id, where the correction is of one call. */
    callId: z.string().nullable(),
    /** Never empty: that is what calls carry that were not corrected. */
    correctionId: z.string().min(1),
    /** Behind this call; its bucket in seconds since 1970. */
    after: z.object({ bucket: z.int(), id: z.string() }),
    limit: z.int().positive(),
  }),
  row: storedCall,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ filters, callId, correctionId, after, limit, ...scope }) => {
    const { text, values } = whereCalls(scope);
    const matching = filters === null ? NOTHING : whereCalls({ ...scope, filters });
    const ofCall = callId === null ? "" : " AND id = {callId:String}";
    return {
      text: `
SELECT * FROM llm_calls FINAL
WHERE ${text} AND (project_id, bucket, id) IN (
  SELECT project_id, bucket, id FROM llm_calls FINAL
  WHERE ${text}${ofCall} AND bucket >= ${AFTER} AND (bucket > ${AFTER} OR id > {afterId:String})
    AND (${matching.text} OR has(earlier.correction_id, {correctionId:String})
      OR correction_id = {correctionId:String})
  ORDER BY bucket, id LIMIT {limit:UInt32})
ORDER BY bucket, id`,
      values: {
        ...values,
        ...matching.values,
        ...(callId === null ? {} : { callId }),
        correctionId,
        afterBucket: after.bucket,
        afterId: after.id,
        limit,
      },
    };
  },
});

const NOTHING: SqlPart = { text: "false", values: {} };
const AFTER = "toDateTime({afterBucket:UInt32}, 'UTC')";
