import { fromCalls } from "@/db/clickhouse/filters";
import { defineQuery } from "@/db/clickhouse/query";
import {
  SESSION_COLUMNS_OF_CALLS,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  sessionCell,
} from "@/db/clickhouse/session-columns";
import { treeFilters, treeParams, withinBuckets } from "@/db/clickhouse/tree-scope";

/**
 * The sums of a tree's calls, as `listSessions` makes them, by project and session: of a trace there is one of each
 * session that it has calls of, its name under `session`.
 */
export const sumTree = defineQuery({
  name: "sum-tree",
  params: treeParams,
  row: sessionCell,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const filters = treeFilters(asked.subject);
    const { text, values } = fromCalls(
      { ...asked, filters },
      { isCounted: true, within: withinBuckets(asked), columns: SESSION_COLUMNS_OF_CALLS },
    );
    return {
      text: `SELECT project_id, ${SESSION_NAMES_OF_CALLS}, toString(key) AS session_key, ${SESSION_OF_CALLS}
        FROM ${text} GROUP BY project_id, session, trace, key`,
      values,
    };
  },
});
