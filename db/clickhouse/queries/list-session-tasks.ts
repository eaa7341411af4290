import { z } from "zod";
import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_NAMES_OF_CALLS,
} from "@/db/clickhouse/session-columns";
import { withinBuckets } from "@/db/clickhouse/tree-scope";

/** Of a session with more tasks the last ones are asked for: the latest outcome is most likely theirs. */
export const MAX_TASKS = 100;

/** The tasks that sessions' calls name, the last 100 of each. */
export const listSessionTasks = defineQuery({
  name: "list-session-tasks",
  params: scopeParams.extend({
    /** As `listSessions` answers them. */
    keys: z.array(z.string().regex(/^\d+$/).transform(BigInt)),
    /** Starts of the buckets that their calls may be in, in seconds since 1970; null: any of the range. */
    buckets: z.array(z.int().nonnegative()).nullable(),
    asOfUs: z.int().nullable(),
  }),
  row: z.object({
    project_id: z.string(),
    session: z.string(),
    trace: z.string(),
    task: z.string(),
  }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: ({ keys, buckets, ...asked }) => {
    const within = buckets && withinBuckets({ ...asked, buckets });
    const columns = ["project_id", "bucket", "ts", "session", "trace_id", "task", "counted"];
    const from = fromCalls(asked, { isCounted: true, ...(within ? { within } : {}), columns });
    return {
      text: `SELECT project_id, ${SESSION_NAMES_OF_CALLS}, task FROM ${from.text}
        AND task != '' AND ${IS_OF_SESSION} AND ${SESSION_KEY} IN {keys:Array(UInt64)}
        GROUP BY project_id, session, trace, key, task
        ORDER BY project_id, session, trace, max(ts) DESC, task
        LIMIT ${MAX_TASKS} BY project_id, session, trace`,
      values: { ...from.values, keys },
    };
  },
});
