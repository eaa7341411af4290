import { z } from "zod";
import { filterParam, whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";

/** How many calls a correction is going to look at, for its progress. */
export const countCallsToCorrect = defineQuery({
  name: "count-calls-to-correct",
  params: scopeParams.extend({ filters: z.array(filterParam) }),
  row: z.object({ calls: z.string().regex(/^\d+$/).transform(Number) }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const where = whereCalls(asked);
    return {
      text: `SELECT count() AS calls FROM llm_calls FINAL WHERE ${where.text}`,
      values: where.values,
    };
  },
});
