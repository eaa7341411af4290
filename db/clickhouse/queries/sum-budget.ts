import { z } from "zod";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";

/** The column of each scope's value; null: all calls are of one. */
const VALUE_COLUMNS = {
  global: null,
  request: null,
  project: "project_id",
  agent: "agent",
  task: "task",
  task_type: "task_type",
  feature: "feature",
  user: "user",
  session: "session",
  trace: "trace_id",
  model: "model",
} as const;

const SETTINGS = {
  max_execution_time: 240,
  priority: 5,
  do_not_merge_across_partitions_select_final: 1,
} as const;

const whole = z.string().regex(/^\d+$/).transform(BigInt);
const params = scopeParams.extend({
  scope: z.enum(Object.keys(VALUE_COLUMNS) as (keyof typeof VALUE_COLUMNS)[]),
  /** Only calls of this value; "": without the tag; null: each value by itself. */
  value: z.string().nullable(),
  period: z.discriminatedUnion("by", [
    /** Ascending, microseconds since 1970; the first one is `fromUs`. */
    z.object({ by: z.literal("calendar"), startsUs: z.array(z.int()).min(1) }),
    /** Sessions or traces with a call since `sinceUs`, with all of their calls. */
    z.object({ by: z.enum(["session", "trace_id"]), sinceUs: z.int() }),
  ]),
  /** Only what had arrived by then, microseconds since 1970. */
  arrivedByUs: z.int(),
  /** The most that one call counts. */
  most: z.object({ tokens: z.int(), ms: z.int() }),
});

/**
 * What the calls that count add up to in a budget, by value and period (the start in microseconds since 1970, or the
 * session's or trace's id). What an unpriced call is worth is the budget's to say: their tokens are told apart.
 */
export const sumBudget = defineQuery({
  name: "sum-budget",
  params,
  row: z.object({
    value: z.string(),
    period: z.string(),
    cost_usd: z.string(),
    unknown_costs: whole,
    /** Of these: model calls whose tokens are known, and how many. */
    unpriced_calls: whole,
    unpriced_tokens: whole,
    tokens: whole,
    calls: whole,
    tool_calls: whole,
    ms: whole,
  }),
  settings: SETTINGS,
  sql: (asked) => {
    const column = VALUE_COLUMNS[asked.scope];
    const period = periodPart(asked);
    const ofValue = column !== null && asked.value !== null ? `AND ${column} = {value:String}` : "";
    const tokens =
      "(toUInt128(least(input_tokens, {mostTokens:UInt64})) + least(output_tokens, {mostTokens:UInt64}))";
    const isUnpriced = "isNull(cost_usd) AND type = 'llm' AND has_usage";
    return {
      text: `
SELECT value, period, toString(ifNull(usd, 0)) AS cost_usd, toString(unknown) AS unknown_costs,
  toString(unpriced) AS unpriced_calls, toString(unpriced_sum) AS unpriced_tokens, toString(tokens_sum) AS tokens,
  toString(llm_calls_count) AS calls, toString(tools) AS tool_calls, toString(duration) AS ms
FROM (
  SELECT ${column === null ? "''" : `toString(${column})`} AS value, ${period.text} AS period,
    sum(cost_usd) AS usd, countIf(isNull(cost_usd)) AS unknown,
    countIf(${isUnpriced}) AS unpriced, sumIf(${tokens}, ${isUnpriced}) AS unpriced_sum,
    sumIf(${tokens}, type = 'llm') AS tokens_sum,
    countIf(type = 'llm') AS llm_calls_count, countIf(type = 'tool') AS tools,
    sumIf(toUInt64(least(floor(ifNull(duration_ms, 0) + 0.5), {mostMs:Float64})), type IN ('llm', 'tool')) AS duration
  FROM llm_calls FINAL
  WHERE ${OF_PROJECTS} AND bucket >= toDateTime({fromBucket:UInt32}, 'UTC') AND bucket < toDateTime({toBucket:UInt32}, 'UTC')
    AND ts >= fromUnixTimestamp64Micro({fromUs:Int64}, 'UTC')
    AND ingested_at <= fromUnixTimestamp64Micro({arrivedByUs:Int64}, 'UTC')
    AND counted ${ofValue} ${period.where}
  GROUP BY value, period)`,
      values: {
        projectIds: asked.projectIds,
        fromUs: asked.fromUs,
        fromBucket: Math.max(0, Math.floor(asked.fromUs / 900e6) * 900),
        toBucket: Math.ceil(asked.toUs / 1e6),
        arrivedByUs: asked.arrivedByUs,
        mostTokens: asked.most.tokens,
        mostMs: asked.most.ms,
        ...(ofValue === "" ? {} : { value: asked.value ?? "" }),
        ...period.values,
      },
    };
  },
});

const OF_PROJECTS = "project_id IN {projectIds:Array(String)}";

function periodPart({ period }: z.output<typeof params>): SqlPart & { where: string } {
  if (period.by === "calendar") {
    return {
      // No zone in here: the edges are this process's, as those of the counters are.
      text: "toString(arrayElement({startsUs:Array(Int64)}, arrayLastIndex(x -> x <= toUnixTimestamp64Micro(ts), {startsUs:Array(Int64)})))",
      where: "",
      values: { startsUs: period.startsUs },
    };
  }
  return {
    text: period.by,
    where: `AND ${period.by} IN (
      SELECT DISTINCT ${period.by} FROM llm_calls
      WHERE ${OF_PROJECTS} AND bucket >= toDateTime({sinceBucket:UInt32}, 'UTC'))`,
    values: { sinceBucket: Math.max(0, Math.floor(period.sinceUs / 1e6)) },
  };
}
