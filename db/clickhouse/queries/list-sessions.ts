import { z } from "zod";
import { DAY_GRAIN, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import {
  FOUND_IN,
  generationsOf,
  type RankedSession,
} from "@/db/clickhouse/queries/rank-dearest-sessions";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_COLUMNS_OF_CALLS,
  SESSION_KEY,
  SESSION_NAMES_OF_CALLS,
  SESSION_OF_CALLS,
  SESSION_OF_CELLS,
  SESSION_OF_ROW,
  sessionRow,
} from "@/db/clickhouse/session-columns";
import { listCallSources, rolledParam, whereRolled } from "@/db/clickhouse/spend-sources";

const sessionKeys = z.array(z.string().regex(/^\d+$/).transform(BigInt));

const params = scopeParams.extend({
  ...filteredParams,
  /** Keys by where their rows are: each is in one or more of these. */
  callKeys: sessionKeys,
  hourKeys: sessionKeys,
  dayKeys: sessionKeys,
  longKeys: sessionKeys,
  listedKeys: sessionKeys,
  /** What of it `session_days` answers; null: nothing. */
  rolled: rolledParam.nullable(),
});
type Params = z.output<typeof params>;

/** The keys that `listSessions` looks for in each place. Most of a page are in one, and only what is asked is read. */
export function keysByPlace(page: readonly RankedSession[]) {
  const keysIn = (places: number): string[] =>
    page.filter(({ found_in }) => (found_in & places) !== 0).map(({ session_key }) => session_key);
  return {
    callKeys: keysIn(FOUND_IN.calls),
    hourKeys: keysIn(FOUND_IN.hours),
    dayKeys: keysIn(FOUND_IN.days | FOUND_IN.unlisted),
    longKeys: keysIn(FOUND_IN.long),
    listedKeys: keysIn(FOUND_IN.listed),
  };
}

/**
 * Sessions of these keys with their sums over the range, by name: two sessions of one key are two, each with figures of
 * its own.
 */
export const listSessions = defineQuery({
  name: "list-sessions",
  params,
  row: sessionRow.extend({ session_key: z.string() }),
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const cells = listCells(asked);
    const bound = joinParts(cells, "");
    const text = `
SELECT project_id, session, trace, toString(key) AS session_key, ${SESSION_OF_CELLS}
FROM (${cells.map((cell) => cell.text).join(" UNION ALL ")})
GROUP BY project_id, session, trace, key
ORDER BY project_id, session, trace`;
    return { text, values: bound.values };
  },
});

function listCells(asked: Params): SqlPart[] {
  const { rolled } = asked;
  const where = whereRolled(asked);
  const [days, hours] = [generationsOf(rolled, DAY_GRAIN), generationsOf(rolled, HOUR_GRAIN)];
  const read = (
    name: "listed" | "long" | "hour" | "day",
    generations: readonly bigint[],
    from: string,
  ): SqlPart[] => {
    const keys = asked[`${name}Keys`];
    if (keys.length === 0 || generations.length === 0) return [];
    const text = `SELECT DISTINCT project_id, session, trace, key, ${SESSION_OF_ROW} FROM ${from}
       AND generation IN {${name}Generations:Array(UInt64)} AND key IN {${name}Keys:Array(UInt64)}`;
    const values = { [`${name}Generations`]: generations, [`${name}Keys`]: keys };
    return [{ text, values: { ...where.values, ...values } }];
  };
  // A row of a list may be there twice (migrations/0010), and no two others are the same: they begin on other days or in
  // other hours. DISTINCT sees the few that are asked for, where FINAL would read all columns of all lists.
  const ranks = (list: "long" | "cost") => `session_ranks WHERE ${where.text} AND list = '${list}'`;
  return [
    ...read("listed", days, ranks("cost")),
    ...read("long", days, ranks("long")),
    ...read("hour", hours, `session_days WHERE ${where.text}`),
    ...read(
      "day",
      days,
      `session_days PREWHERE key IN {dayKeys:Array(UInt64)} WHERE ${where.text}`,
    ),
    ...callCells(asked),
  ];
}

function callCells(asked: Params): SqlPart[] {
  if (asked.callKeys.length === 0) return [];
  // Rollups know sessions only, so nothing else is asked of a call beside them.
  const columns = asked.rolled === null ? {} : { columns: SESSION_COLUMNS_OF_CALLS };
  return listCallSources({ ...asked, ...columns })
    .filter(({ isRolled }) => !isRolled)
    .map(({ from }) => ({
      text: `SELECT project_id, ${SESSION_NAMES_OF_CALLS}, ${SESSION_OF_CALLS}
       FROM ${from.text} AND ${IS_OF_SESSION} AND ${SESSION_KEY} IN {callKeys:Array(UInt64)}
       GROUP BY project_id, session, trace, key`,
      values: { ...from.values, callKeys: asked.callKeys },
    }));
}
