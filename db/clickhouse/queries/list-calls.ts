import { z } from "zod";
import { CALL_COLUMNS, callRow } from "@/db/clickhouse/call-columns";
import { filteredParams, fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";

/** What calls can be sorted by: the column, and its type for the bound value a page goes on from. */
const SORTS = {
  timestamp: { column: "toUnixTimestamp64Micro(ts)", type: "Int64" },
  cost_usd: { column: "cost_usd", type: "Decimal(38, 15)" },
  duration_ms: { column: "duration_ms", type: "Float64" },
  time_to_first_token_ms: { column: "time_to_first_token_ms", type: "Float64" },
  input_tokens: { column: "if(has_usage, input_tokens, NULL)", type: "UInt64" },
  output_tokens: { column: "if(has_usage, output_tokens, NULL)", type: "UInt64" },
} as const;
export type CallSort = keyof typeof SORTS;
export const CALL_SORTS = Object.keys(SORTS) as CallSort[];

/** The last row of a page: its sorted value as text (null: it has none), and what breaks ties. */
export const afterParam = z.object({
  value: z.string().nullable(),
  tsUs: z.int(),
  projectId: z.string(),
  id: z.string(),
});
export type After = z.infer<typeof afterParam>;

const params = scopeParams.extend({
  ...filteredParams,
  /** Also what only says again what another call says. */
  includesRepeats: z.boolean(),
  sort: z.enum(CALL_SORTS),
  direction: z.enum(["asc", "desc"]),
  after: afterParam.nullable(),
  limit: z.int().positive(),
});
type Params = z.output<typeof params>;

/**
 * Which calls stand on a page, in its order, from the few columns that takes. Calls without the sorted value come last
 * in both directions.
 */
export const listCallKeys = defineQuery({
  name: "list-call-keys",
  params,
  row: z.object({
    project_id: z.string(),
    bucket_seconds: z.int(),
    id: z.string(),
    sort_value: z.union([z.string(), z.number().transform(String)]).nullable(),
    ts_us: z.string().transform(Number),
  }),
  sql: (asked) => {
    const calls = fromCalls(asked, { isCounted: false });
    const after = afterSql(asked);
    // Of an earlier moment: what counted then is shown.
    const repeats = asked.includesRepeats ? "" : " AND (counted OR linked_id = '')";
    const text = `
SELECT project_id, toUInt32(bucket) AS bucket_seconds, id, ${SORTS[asked.sort].column} AS sort_value,
  toUnixTimestamp64Micro(ts) AS ts_us
FROM ${calls.text}${repeats}${after.text} ORDER BY ${orderSql(asked)} LIMIT {limit:UInt32}`;
    return { text, values: { ...calls.values, ...after.values, limit: asked.limit } };
  },
});
export type CallKey = Awaited<ReturnType<typeof listCallKeys>>[number];

/**
 * The calls of a page, in any order: fifty columns, read of the chosen rows alone. Perhaps some more come with them: those
 * of one of the ids in another one of the buckets.
 */
export const listCallsOfKeys = defineQuery({
  name: "list-calls-of-keys",
  params: scopeParams.extend({
    asOfUs: z.int().nullable(),
    /** Seconds since 1970. */
    keyBuckets: z.array(z.int()),
    keyIds: z.array(z.string()),
  }),
  row: callRow.extend({ bucket_seconds: z.int() }),
  sql: ({ keyBuckets, keyIds, ...asked }) => {
    // A set of whole identities would be tested for each row, and takes longer than what is read for nothing without.
    const within = {
      text: "project_id IN {projectIds:Array(String)} AND toUInt32(bucket) IN {keyBuckets:Array(UInt32)}",
      values: { projectIds: asked.projectIds, keyBuckets },
    };
    const calls = fromCalls(asked, { isCounted: false, ids: keyIds, within });
    const text = `SELECT ${CALL_COLUMNS}, toUInt32(bucket) AS bucket_seconds FROM ${calls.text}`;
    return { text, values: calls.values };
  },
});

function orderSql({ sort, direction }: Params): string {
  // Each call has a time.
  if (sort === "timestamp") return `ts ${direction}, project_id, id`;
  const { column } = SORTS[sort];
  return `isNull(${column}), ${column} ${direction}, ts DESC, project_id, id`;
}

/** Rows after the page's last one, in the order above, spelt out because its directions differ. */
function afterSql({ after, sort, direction }: Params): SqlPart {
  if (!after) return { text: "", values: {} };
  const { column, type } = SORTS[sort];
  const ties = `(ts < fromUnixTimestamp64Micro({afterTs:Int64}, 'UTC')
    OR (ts = fromUnixTimestamp64Micro({afterTs:Int64}, 'UTC')
      AND (project_id, id) > ({afterProject:String}, {afterId:String})))`;
  const values = { afterTs: after.tsUs, afterProject: after.projectId, afterId: after.id };
  if (after.value === null) return { text: ` AND isNull(${column}) AND ${ties}`, values };
  const past = direction === "desc" ? "<" : ">";
  return {
    text: ` AND (isNull(${column}) OR ${column} ${past} {afterValue:${type}}
      OR (${column} = {afterValue:${type}} AND ${ties}))`,
    values: { ...values, afterValue: after.value },
  };
}
