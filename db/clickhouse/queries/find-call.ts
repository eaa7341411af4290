import { z } from "zod";
import { CALL_COLUMNS, callRow } from "@/db/clickhouse/call-columns";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

const row = callRow.extend({ raw_usage: z.string(), price: z.string() });
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
      text: `SELECT ${CALL_COLUMNS}, raw_usage, price FROM llm_calls FINAL
        WHERE ${where.text} AND id = {id:String} ORDER BY ts DESC, project_id LIMIT {limit:UInt32}`,
      values: { ...where.values, id: asked.id, limit: asked.limit },
    };
  },
});
