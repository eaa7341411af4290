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
  sort: z.enum(CALL_SORTS),
  direction: z.enum(["asc", "desc"]),
  after: afterParam.nullable(),
  limit: z.int().positive(),
});
type Params = z.output<typeof params>;

/**
 * One page of calls. The page's keys are chosen first, from the few columns it takes; the other fifty are
 * read for the chosen rows only. Calls without the sorted value come last in both directions.
 */
export const listCalls = defineQuery({
  name: "list-calls",
  params,
  row: callRow.extend({
    sort_value: z.union([z.string(), z.number().transform(String)]).nullable(),
    ts_us: z.string().transform(Number),
  }),
  sql: (asked) => {
    const calls = fromCalls(asked, { isCounted: false });
    const after = afterSql(asked);
    const order = orderSql(asked);
    const { column } = SORTS[asked.sort];
    const text = `
SELECT ${CALL_COLUMNS}, ${column} AS sort_value, toUnixTimestamp64Micro(ts) AS ts_us
FROM ${calls.text} AND (project_id, bucket, id) IN (
  SELECT project_id, bucket, id FROM ${calls.text}${after.text} ORDER BY ${order} LIMIT {limit:UInt32})
ORDER BY ${order}`;
    return { text, values: { ...calls.values, ...after.values, limit: asked.limit } };
  },
});

function orderSql({ sort, direction }: Params): string {
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
