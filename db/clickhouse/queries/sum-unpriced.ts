import { z } from "zod";
import { joinParts } from "@/db/clickhouse/filters";
import { innerMeasures, type MeasureName, rolledMeasures } from "@/db/clickhouse/measures";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { type CallSource, listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

const COUNTED = ["unknownCosts", "partialCosts"] as const satisfies readonly MeasureName[];
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);

/**
 * Events without a price, or with one for a part only, by project and model: the same sums of the same rollups and calls
 * that spend is answered from, so that both screens say one number. Most first; `first` and `last` are the ends of the
 * buckets or days that hold them, in seconds since 1970.
 */
export const sumUnpriced = defineQuery({
  name: "sum-unpriced",
  params: scopeParams.extend({
    /** What of it the cube of models answers; null: nothing. */
    rolled: rolledParam.nullable(),
  }),
  row: z.object({
    project_id: z.string(),
    provider: z.string(),
    model: z.string(),
    unknownCosts: count,
    partialCosts: count,
    first: count,
    last: count,
  }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const sources = listCallSources({ ...asked, filters: [], asOfUs: null });
    const bound = joinParts(
      sources.map(({ from }) => from),
      "",
    );
    const text = `
SELECT project_id, provider, model, sum(m_unknownCosts) AS unknownCosts, sum(m_partialCosts) AS partialCosts,
  min(first_cell) AS first, max(last_cell) AS last
FROM (${sources.map(cellsSql).join(" UNION ALL ")})
GROUP BY project_id, provider, model
ORDER BY unknownCosts + partialCosts DESC, project_id, provider, model`;
    return { text, values: bound.values };
  },
});

/** Groups that lack nothing make no cell: most models lack nothing. */
function cellsSql({ from, isRolled }: CallSource): string {
  const test = isRolled
    ? "unknown_costs + partial_costs > 0"
    : "(isNull(cost_usd) OR cost_status = 'partial')";
  const seconds = isRolled ? "toUInt32(grain)" : "900";
  const measures = isRolled ? rolledMeasures(COUNTED) : innerMeasures(COUNTED);
  return `
    SELECT project_id, provider, model, ${measures},
      min(toUInt32(bucket)) AS first_cell, max(toUInt32(bucket) + ${seconds}) AS last_cell
    FROM ${from.text} AND ${test}
    GROUP BY project_id, provider, model`;
}
