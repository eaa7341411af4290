import { z } from "zod";
import { CALL_COLUMNS, callRow } from "@/db/clickhouse/call-columns";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

/** States of a call before its current one, oldest first; each array has one entry a state. */
const EARLIER = {
  earlier_revised_at: "arrayMap(at -> toString(at), earlier.revised_at)",
  earlier_kind: "earlier.revision_kind",
  earlier_reason: "earlier.revision_reason",
  earlier_author: "earlier.revision_author",
  earlier_counted: "earlier.counted",
  earlier_cost_usd: "earlier.cost_usd",
  earlier_cost_status: "earlier.cost_status",
  earlier_cost_reason: "earlier.cost_reason",
  earlier_price: "earlier.price",
} as const;
const EARLIER_COLUMNS = Object.entries(EARLIER).map(([name, sql]) => `${sql} AS ${name}`);

const texts = z.array(z.string());
const row = callRow.extend({
  raw_usage: z.string(),
  price: z.string(),
  revised: z.string(),
  revision_kind: z.string(),
  revision_reason: z.string(),
  revision_author: z.string(),
  earlier_revised_at: texts,
  earlier_kind: texts,
  earlier_reason: texts,
  earlier_author: texts,
  earlier_counted: z.array(z.boolean()),
  earlier_cost_usd: z.array(z.string().nullable()),
  earlier_cost_status: texts,
  earlier_cost_reason: texts,
  earlier_price: texts,
});
export type WholeCallRow = z.output<typeof row>;

/**
 * Calls of one id: several where projects, or different timestamps, share it. With a range of one bucket
 * the table's order finds it; without, an index of ids does, at a few milliseconds a million calls.
 */
export const findCall = defineQuery({
  name: "find-call",
  params: scopeParams.extend({ id: z.string(), limit: z.int().positive() }),
  row,
  sql: (asked) => {
    const where = whereCalls(asked);
    return {
      text: `SELECT ${CALL_COLUMNS}, raw_usage, price, toString(revised_at) AS revised,
          revision_kind, revision_reason, revision_author, ${EARLIER_COLUMNS.join(", ")}
        FROM llm_calls FINAL
        WHERE ${where.text} AND id = {id:String} ORDER BY ts DESC, project_id LIMIT {limit:UInt32}`,
      values: { ...where.values, id: asked.id, limit: asked.limit },
    };
  },
});
