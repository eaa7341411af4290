import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);

/**
 * Model calls that arrived in time, and those of them whose cost is unknown: of each project (`is_total`), and of each of
 * its models that has some.
 */
export const sumTimelyUnpriced = defineQuery({
  name: "sum-timely-unpriced",
  params: scopeParams.extend({ lateAfterSeconds: z.int().positive() }),
  row: z.object({
    project_id: z.string(),
    provider: z.string(),
    model: z.string(),
    is_total: z.union([z.int(), z.string()]).transform((flag) => Number(flag) === 1),
    calls: count,
    unpriced: count,
  }),
  settings: { do_not_merge_across_partitions_select_final: 1, max_threads: 2 },
  sql: ({ lateAfterSeconds, ...asked }) => {
    const { text, values } = fromCalls(asked, { isCounted: true });
    return {
      text: `
SELECT project_id, provider, model, grouping(model) AS is_total, count() AS calls, countIf(isNull(cost_usd)) AS unpriced
FROM ${text} AND type = 'llm' AND ingested_at <= ts + toIntervalSecond({lateAfter:UInt32})
GROUP BY GROUPING SETS ((project_id), (project_id, provider, model))
HAVING unpriced > 0
ORDER BY unpriced DESC, project_id, provider, model`,
      values: { ...values, lateAfter: lateAfterSeconds },
    };
  },
});
