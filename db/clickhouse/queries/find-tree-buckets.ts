import { z } from "zod";
import { whereCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { treeSubject } from "@/db/clickhouse/tree-scope";

/**
 * The buckets, in seconds since 1970, that hold a row of a session's or a trace's calls, earlier states and copies too.
 * What is asked of those calls afterwards reads these buckets alone. An index of names finds them; it may not be used
 * where a row's last state decides, as the last state may not have the name any more.
 */
export const findTreeBuckets = defineQuery({
  name: "find-tree-buckets",
  params: scopeParams.extend({ subject: treeSubject }),
  row: z.object({ bucket: z.int() }),
  sql: (asked) => {
    const where = whereCalls(asked);
    const column = asked.subject.kind === "session" ? "session" : "trace_id";
    return {
      text: `SELECT DISTINCT toUnixTimestamp(bucket) AS bucket FROM llm_calls
        WHERE ${where.text} AND ${column} = {id:String}`,
      values: { ...where.values, id: asked.subject.id },
    };
  },
});
