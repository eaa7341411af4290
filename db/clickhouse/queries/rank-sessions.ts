import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import {
  FOUND_IN,
  generationsOf,
  newestOf,
  type RankedSession,
  rankDearestSessions,
} from "@/db/clickhouse/queries/rank-dearest-sessions";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  afterSessionParam,
  afterSessionSql,
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_SORT_NAMES,
  SESSION_SORTS,
  sessionOrder,
} from "@/db/clickhouse/session-columns";
import {
  fromRawRows,
  listCallSources,
  rolledParam,
  whereRolled,
} from "@/db/clickhouse/spend-sources";

const params = scopeParams.extend({
  ...filteredParams,
  sort: z.enum(SESSION_SORT_NAMES),
  direction: z.enum(["asc", "desc"]),
  after: afterSessionParam.nullable(),
  limit: z.int().positive(),
  /** What of it `session_days` answers; null: nothing. */
  rolled: rolledParam.nullable(),
});
type Params = z.output<typeof params>;

/**
 * The keys of one page of sessions in its order, by the one column that sorts them. Sessions without the sorted value
 * come last in both directions.
 *
 * A session that is not known to be long (migrations/0008), and is in no hour and no call that is read, has one row: its
 * value is its sum. The others are grouped. By cost the dearest of each day are tried first.
 * @throws QueryFailedError, MalformedRowError
 */
export async function rankSessions(
  clickhouse: ClickHouse,
  asked: z.input<typeof params>,
): Promise<RankedSession[]> {
  const { sort, direction, rolled } = asked;
  if (sort === "cost" && direction === "desc" && rolled !== null) {
    const dearest = await rankDearestSessions(clickhouse, { ...asked, rolled });
    if (dearest !== null) return dearest;
  }
  const rows = await askRanks(clickhouse, asked);
  return rows.map((row) => ({ ...row, found_in: ANYWHERE }));
}

/** It is not told where the rows are: a row of a day may be one of several. */
const ANYWHERE = FOUND_IN.calls | FOUND_IN.hours | FOUND_IN.days;

const askRanks = defineQuery({
  name: "rank-sessions",
  params,
  row: z.object({ session_key: z.string(), sort_value: z.string().nullable() }),
  settings: {
    do_not_merge_across_partitions_select_final: 1,
    // Where most sessions are long: millions of keys and one number each would take seconds on the disk.
    max_bytes_before_external_group_by: 400_000_000,
  },
  sql: (asked) => {
    const sources = listCallSources(asked);
    const rolled = sources.find(({ isRolled }) => isRolled)?.from ?? null;
    const calls = sources.filter(({ isRolled }) => !isRolled).map(({ from }) => from);
    const after = afterSessionSql(asked);
    const order = sessionOrder(asked.sort, asked.direction);
    const page = `${after.text} ORDER BY ${order} LIMIT {limit:UInt32}`;
    const cells = calls.map((from) => callCellsSql(asked, from));
    const called = calledSql(asked);
    if (rolled) cells.push(...rolledCellsSql(asked, rolled, called));
    const merged = partsSql(asked, (part, name) => `${part.merge}(${name}_cell) AS ${name}`);
    const parts = [
      `SELECT key, ${merged} FROM (${cells.join(" UNION ALL ")}) GROUP BY key HAVING ${page}`,
    ];
    if (rolled) {
      const renamed = partsSql(asked, (part, name) => `${part.days} AS ${name}`);
      parts.push(`SELECT key, ${renamed} FROM ${rolled.text} AND ${OF_DAYS}
  AND key NOT IN ${sharedSql(rolled, called)} AND ${page}`);
    }
    const text = `
SELECT toString(key) AS session_key, toString(${SESSION_SORTS[asked.sort].value}) AS sort_value
FROM (${parts.map((part) => `SELECT * FROM (${part})`).join(" UNION ALL ")})
ORDER BY ${order} LIMIT {limit:UInt32}`;
    const bound = joinParts([...sources.map(({ from }) => from), whereRolled(asked)], "");
    const { projectIds, limit } = asked;
    const [days, hours] = [DAY_GRAIN, HOUR_GRAIN].map((one) => generationsOf(asked.rolled, one));
    const own = { days: days ?? [], hours: hours ?? [] };
    const newest = newestOf([...own.days, ...own.hours]);
    return {
      text,
      values: { ...bound.values, ...after.values, ...own, projectIds, limit, newest },
    };
  },
});

const LONG_KEYS = `SELECT key FROM long_sessions
    WHERE project_id IN {projectIds:Array(String)} AND generation <= {newest:UInt64}`;
const OF_DAYS = "generation IN {days:Array(UInt64)}";
const OF_HOURS = "generation IN {hours:Array(UInt64)}";

/**
 * Keys of sessions that may have more than one row, as a subquery that gives the same wherever it stands. No scalar: of
 * thousands of keys the engine would make a set again for every block it reads.
 */
function sharedSql(rolled: SqlPart, called: string | null): string {
  const parts = [
    LONG_KEYS,
    `SELECT key FROM ${rolled.text} AND ${OF_HOURS}`,
    ...(called === null ? [] : [called]),
  ];
  return `(${parts.join(" UNION ALL ")})`;
}

/** Keys of sessions that calls are read of, and perhaps some that none counts of: those are grouped in vain. */
function calledSql(asked: Params): string | null {
  const rows = fromRawRows(asked);
  return rows && `SELECT DISTINCT ${SESSION_KEY} AS key FROM ${rows.text} AND ${IS_OF_SESSION}`;
}

/**
 * Rows of sessions that may have more than one: all of hours, as each noted which of its sessions are in other days;
 * those of days that were noted, from the list of them; and those of which a call is read.
 */
function rolledCellsSql(asked: Params, rolled: SqlPart, called: string | null): string[] {
  const columns = `key, ${partsSql(asked, (part, name) => `${part.days} AS ${name}_cell`)}`;
  const cells = [
    `SELECT ${columns} FROM ${rolled.text} AND ${OF_HOURS}`,
    `SELECT ${columns} FROM session_ranks FINAL WHERE ${whereRolled(asked).text} AND list = 'long'
       AND ${OF_DAYS} AND key IN (${LONG_KEYS})`,
  ];
  if (called !== null) {
    cells.push(`SELECT ${columns} FROM ${rolled.text} AND ${OF_DAYS}
       AND key IN (SELECT key FROM (${called}) WHERE key NOT IN (${LONG_KEYS}))`);
  }
  return cells;
}

function partsSql(
  { sort }: Params,
  write: (part: (typeof SESSION_SORTS)[typeof sort]["parts"][number], name: string) => string,
): string {
  return SESSION_SORTS[sort].parts
    .map((part, index) => write(part, index === 0 ? "a" : "b"))
    .join(", ");
}

function callCellsSql(asked: Params, calls: SqlPart): string {
  return `SELECT ${SESSION_KEY} AS key, ${partsSql(asked, (part, name) => `${part.calls} AS ${name}_cell`)}
       FROM ${calls.text} AND ${IS_OF_SESSION} GROUP BY key`;
}
