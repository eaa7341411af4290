import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)]).transform(Number);

/** Equal parts of the histogram up to the 95th percentile; what is dearer is one more. */
export const HISTOGRAM_PARTS = 10;

/** The sum of the two middle costs in femto-dollars; of an odd count both are the same one. */
const BOTH_MIDDLES = `toInt256((sorted[greatest(intDiv(tasks + 1, 2), 1)] + sorted[intDiv(tasks, 2) + 1])
  * toDecimal256('1000000000000000', 0))`;
/** Halved by rounding half to even, as `divideHalfEven` does: what is dearer than the limit is counted here. */
const MEDIAN = `toDecimal256(intDiv(${BOTH_MIDDLES}, 2)
  + (${BOTH_MIDDLES} % 2 = 1 AND intDiv(${BOTH_MIDDLES}, 2) % 2 = 1), 0) * toDecimal256('0.000000000000001', 15)`;

/**
 * What a task costs, by project, agent and kind of task: exact decimals. The median of an even count is the mean of the
 * two middle ones to 1e-15; the other figures are each the cost of a task that there was. A task with a call whose cost is unknown is counted apart: its sum would be too low. Most tasks first.
 */
export const sumTaskCosts = defineQuery({
  name: "sum-task-costs",
  params: scopeParams.extend({ limit: z.int() }),
  row: z.object({
    project_id: z.string(),
    agent: z.string(),
    task_type: z.string(),
    tasks: count,
    unknown_tasks: count,
    p10: usd,
    p50: usd,
    p90: usd,
    p95: usd,
    max: usd,
    over_limit: count,
    histogram: z.array(count),
    has_traces: count,
    has_sessions: count,
  }),
  sql: ({ limit, ...asked }) => {
    const { text, values } = fromCalls(asked, { isCounted: true });
    return {
      text: `
WITH tasks AS (
  SELECT project_id, agent, task_type, task, sum(cost_usd) AS cost, countIf(isNull(cost_usd)) > 0 AS is_unknown,
    countIf(trace_id = '') = 0 AS is_traced, countIf(session = '') = 0 AS is_in_session
  FROM ${text} AND task != ''
  GROUP BY project_id, agent, task_type, task
), kinds AS (
  SELECT project_id, agent, task_type, countIf(NOT is_unknown) AS tasks, countIf(is_unknown) AS unknown_tasks,
    groupArrayIf(assumeNotNull(cost), NOT is_unknown) AS costs, arraySort(costs) AS sorted,
    quantilesExactIf(0.1, 0.9, 0.95)(assumeNotNull(cost), NOT is_unknown) AS points,
    maxIf(assumeNotNull(cost), NOT is_unknown) AS max,
    min(is_traced) AS has_traces, min(is_in_session) AS has_sessions
  FROM tasks GROUP BY project_id, agent, task_type
)
SELECT project_id, agent, task_type, tasks, unknown_tasks, points[1] AS p10, ${MEDIAN} AS p50, points[2] AS p90,
  points[3] AS p95, max, arrayCount(cost -> cost > p50 * 3, costs) AS over_limit,
  arrayMap(part -> arrayCount(cost -> cost * ${HISTOGRAM_PARTS} > p95 * part
      AND (part = ${HISTOGRAM_PARTS} OR cost * ${HISTOGRAM_PARTS} <= p95 * (part + 1))
    OR part = 0 AND cost = 0, costs), range(${HISTOGRAM_PARTS + 1})) AS histogram,
  has_traces, has_sessions
FROM kinds ORDER BY tasks DESC, project_id, agent, task_type LIMIT ${limit}`,
      values,
    };
  },
});
