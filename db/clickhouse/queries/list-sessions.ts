import { z } from "zod";
import { DAY_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  SESSION_OF_CELLS,
  SESSION_OF_DAYS,
  sessionRow,
} from "@/db/clickhouse/session-columns";
import { type CallSource, listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

const sessionKeys = z.array(z.string().regex(/^\d+$/).transform(BigInt));

/**
 * Sessions of these keys with their sums over the range, by name: two sessions of one key are two, each with figures of
 * its own.
 */
export const listSessions = defineQuery({
  name: "list-sessions",
  params: scopeParams.extend({
    ...filteredParams,
    keys: sessionKeys,
    /** Keys whose only row is in the list of the dearest (migrations/0010). */
    listedKeys: sessionKeys,
    /** What of it `session_days` answers; null: nothing. */
    rolled: rolledParam.nullable(),
  }),
  row: sessionRow.extend({ session_key: z.string() }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const sources = asked.keys.length === 0 ? [] : listCallSources(asked);
    const cells = sources.map(cellsSql);
    if (asked.listedKeys.length > 0) cells.push(LISTED);
    const bound = joinParts(
      sources.map(({ from }) => from),
      "",
    );
    const text = `
SELECT project_id, session, trace, toString(key) AS session_key, ${SESSION_OF_CELLS}
FROM (${cells.join(" UNION ALL ")})
GROUP BY project_id, session, trace, key
ORDER BY project_id, session, trace`;
    const { projectIds, keys, listedKeys, rolled } = asked;
    const days = rolled?.pieces.find(({ grain }) => grain === DAY_GRAIN)?.generations ?? [];
    return { text, values: { ...bound.values, projectIds, keys, listedKeys, days } };
  },
});

const LISTED = `SELECT project_id, session, trace, key, ${SESSION_OF_DAYS}
       FROM session_ranks FINAL WHERE project_id IN {projectIds:Array(String)} AND list = 'cost'
         AND generation IN {days:Array(UInt64)} AND key IN {listedKeys:Array(UInt64)}
       GROUP BY project_id, session, trace, key`;

function cellsSql({ from, isRolled }: CallSource): string {
  return isRolled
    ? `SELECT project_id, session, trace, key, ${SESSION_OF_DAYS}
       FROM ${from.text} AND key IN {keys:Array(UInt64)} GROUP BY project_id, session, trace, key`
    : `SELECT project_id, ${SESSION_NAMES_OF_CALLS}, ${SESSION_OF_CALLS}
       FROM ${from.text} AND ${IS_OF_SESSION} AND ${SESSION_KEY} IN {keys:Array(UInt64)}
       GROUP BY project_id, session, trace, key`;
}
