import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const usd = z.string().regex(/^-?\d+(\.\d+)?$/);

/**
 * What projects, agents and features cost in a short range, of what arrived in time: dearest first. Read from calls: the
 * range is open, and rollups do not know when a call arrived. Calls without the tag are nobody's, and in the project's.
 */
export const sumLastHour = defineQuery({
  name: "sum-last-hour",
  params: scopeParams.extend({
    /** Seconds after its own time from which on a call is late. */
    lateAfterSeconds: z.int().positive(),
    /** US dollars; what cost less is left out. */
    leastUsd: usd,
    limit: z.int().positive(),
  }),
  row: z.object({
    project_id: z.string(),
    dimension: z.enum(["project", "agent", "feature"]),
    value: z.string(),
    usd,
  }),
  settings: { do_not_merge_across_partitions_select_final: 1, max_threads: 2 },
  sql: ({ lateAfterSeconds, leastUsd, limit, ...asked }) => {
    const { text, values } = fromCalls(asked, { isCounted: true });
    return {
      text: `
SELECT project_id, multiIf(grouping(agent) = 0, 'agent', grouping(feature) = 0, 'feature', 'project') AS dimension,
  multiIf(grouping(agent) = 0, agent, grouping(feature) = 0, feature, '') AS value,
  ifNull(sum(cost_usd), toDecimal128('0', 15)) AS usd
FROM ${text} AND ingested_at <= ts + toIntervalSecond({lateAfter:UInt32})
GROUP BY GROUPING SETS ((project_id), (project_id, agent), (project_id, feature))
HAVING usd >= {least:Decimal(38, 15)} AND (dimension = 'project' OR value != '')
ORDER BY usd DESC, project_id, dimension, value LIMIT {limit:UInt32}`,
      values: { ...values, lateAfter: lateAfterSeconds, least: leastUsd, limit },
    };
  },
});
