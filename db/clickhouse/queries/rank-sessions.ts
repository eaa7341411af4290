import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, type Grain, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_SORT_NAMES,
  SESSION_SORTS,
  sessionOrder,
} from "@/db/clickhouse/session-columns";
import { fromRawRows, listCallSources, rolledParam } from "@/db/clickhouse/spend-sources";

/** The last session of a page: its sorted value as text (null: not known), and its key, which breaks ties. */
export const afterSessionParam = z.object({ value: z.string().nullable(), key: z.string() });

const params = scopeParams.extend({
  ...filteredParams,
  sort: z.enum(SESSION_SORT_NAMES),
  direction: z.enum(["asc", "desc"]),
  after: afterSessionParam.nullable(),
  limit: z.int().positive(),
  /** What of it `session_days` answers; null: nothing. */
  rolled: rolledParam.nullable(),
  /** Of single rows only those in the lists of the dearest. */
  isOfDearest: z.boolean(),
});
type Params = z.output<typeof params>;

/**
 * The keys of one page of sessions in its order, by the one column that sorts them. Sessions without the sorted value
 * come last in both directions.
 *
 * A session that is not known to be long (migrations/0008), and is in no hour and no call that is read, has one row: its
 * value is its sum. The others are grouped. Of the single ones by cost the dearest of each day are tried first
 * (migrations/0010): where the page ends before their list does, none that was left out belongs to it.
 * @throws QueryFailedError, MalformedRowError
 */
export async function rankSessions(
  clickhouse: ClickHouse,
  asked: Omit<z.input<typeof params>, "isOfDearest">,
): Promise<RankedSession[]> {
  if (asked.sort === "cost" && asked.direction === "desc" && asked.rolled !== null) {
    const rows = await askRanks(clickhouse, { ...asked, isOfDearest: true });
    const end = rows.findIndex(({ is_end }) => is_end);
    if (end === -1 || end >= asked.limit) return rows.slice(0, asked.limit);
  }
  return askRanks(clickhouse, { ...asked, isOfDearest: false });
}

const row = z.object({
  session_key: z.string(),
  sort_value: z.string().nullable(),
  /** Its only row is in the list of the dearest. */
  is_listed: z.boolean(),
  /** No session: what comes after it is not all of what there is. */
  is_end: z.boolean(),
});
type RankedSession = z.output<typeof row>;

const askRanks = defineQuery({
  name: "rank-sessions",
  params,
  row,
  settings: {
    do_not_merge_across_partitions_select_final: 1,
    // Where most sessions are long: millions of keys and one number each would take seconds on the disk.
    max_bytes_before_external_group_by: 400_000_000,
  },
  sql: (asked) => {
    const sources = listCallSources(asked);
    const rolled = sources.find(({ isRolled }) => isRolled)?.from ?? null;
    const calls = sources.filter(({ isRolled }) => !isRolled).map(({ from }) => from);
    const after = afterSql(asked);
    const order = sessionOrder(asked.sort, asked.direction);
    const page = `${after.text} ORDER BY ${order} LIMIT {limit:UInt32}`;
    const cells = calls.map((from) => callCellsSql(asked, from));
    const called = calledSql(asked);
    if (rolled) cells.push(...rolledCellsSql(asked, rolled, called));
    const merged = partsSql(asked, (part, name) => `${part.merge}(${name}_cell) AS ${name}`);
    const parts = [
      `SELECT key, ${merged}, false AS is_listed, false AS is_end
  FROM (${cells.join(" UNION ALL ")}) GROUP BY key HAVING ${page}`,
    ];
    if (rolled) {
      const renamed = partsSql(asked, (_, name) => `${name}_cell AS ${name}`);
      parts.push(`SELECT key, ${renamed}, is_listed, false AS is_end
  FROM (${singleCellsSql(asked, rolled)}) WHERE key NOT IN ${sharedSql(rolled, called)} AND ${page}`);
    }
    if (asked.isOfDearest) parts.push(endSql(asked, order));
    const text = `
SELECT toString(key) AS session_key, toString(${SESSION_SORTS[asked.sort].value}) AS sort_value, is_listed, is_end
FROM (${parts.map((part) => `SELECT * FROM (${part})`).join(" UNION ALL ")})
ORDER BY ${order}, is_end LIMIT {limit:UInt32} + 1`;
    const bound = joinParts(
      sources.map(({ from }) => from),
      "",
    );
    const { projectIds, limit } = asked;
    const [days, hours] = [generationsOf(asked, DAY_GRAIN), generationsOf(asked, HOUR_GRAIN)];
    const own = { projectIds, limit, days, hours, newest: newestOf([...days, ...hours]) };
    return { text, values: { ...bound.values, ...after.values, ...own } };
  },
});

const LONG_KEYS = `SELECT key FROM long_sessions
    WHERE project_id IN {projectIds:Array(String)} AND generation <= {newest:UInt64}`;
const OF_DAYS = "generation IN {days:Array(UInt64)}";
const OF_HOURS = "generation IN {hours:Array(UInt64)}";
const RANKS = (list: "long" | "cost") =>
  `WHERE project_id IN {projectIds:Array(String)} AND list = '${list}' AND ${OF_DAYS}`;

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
    `SELECT ${columns} FROM session_ranks FINAL ${RANKS("long")} AND key IN (${LONG_KEYS})`,
  ];
  if (called !== null) {
    cells.push(`SELECT ${columns} FROM ${rolled.text} AND ${OF_DAYS}
       AND key IN (SELECT key FROM (${called}) WHERE key NOT IN (${LONG_KEYS}))`);
  }
  return cells;
}

/** Rows of days, the only ones of their sessions where those are not shared. */
function singleCellsSql(asked: Params, rolled: SqlPart): string {
  const columns = `key, ${partsSql(asked, (part, name) => `${part.days} AS ${name}_cell`)}`;
  const days = `SELECT ${columns}, false AS is_listed FROM ${rolled.text} AND ${OF_DAYS}`;
  if (!asked.isOfDearest) return days;
  return `SELECT ${columns}, true AS is_listed FROM session_ranks FINAL ${RANKS("cost")} UNION ALL
       ${days} AND generation IN (SELECT arrayJoin({days:Array(UInt64)}) AS unlisted
         WHERE unlisted NOT IN (SELECT generation FROM session_ranks ${RANKS("cost")} AND is_last))`;
}

/** Where the first of the lists ends. The page's beginning is no matter: a list that ended before it is no use. */
function endSql(asked: Params, order: string): string {
  return `SELECT key, ${partsSql(asked, (part, name) => `${part.days} AS ${name}`)}, false AS is_listed, true AS is_end
  FROM session_ranks ${RANKS("cost")} AND is_last ORDER BY ${order} LIMIT 1`;
}

/** The last generation that is read: up to it, it is noted which sessions are long. */
function newestOf(generations: readonly bigint[]): bigint {
  let newest = 0n;
  for (const generation of generations) if (generation > newest) newest = generation;
  return newest;
}

function generationsOf({ rolled }: Params, grain: Grain): readonly bigint[] {
  return rolled?.pieces.find((piece) => piece.grain === grain)?.generations ?? [];
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

/** Keys after the page's last one, in the order above. */
function afterSql({ after, sort, direction }: Params): SqlPart {
  if (!after) return { text: "1", values: {} };
  const { value, type } = SESSION_SORTS[sort];
  const values = { afterKey: after.key };
  const tie = "key > {afterKey:UInt64}";
  if (after.value === null) return { text: `isNull(${value}) AND ${tie}`, values };
  const past = direction === "desc" ? "<" : ">";
  const bound = `{afterValue:${type}}`;
  return {
    text: `(isNull(${value}) OR ${value} ${past} ${bound} OR (${value} = ${bound} AND ${tie}))`,
    values: { ...values, afterValue: after.value },
  };
}
