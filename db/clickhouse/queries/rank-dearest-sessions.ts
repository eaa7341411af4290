import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, type Grain, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { toFemto } from "@/db/clickhouse/merge-cells";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import {
  afterSessionParam,
  afterSessionSql,
  COST_COLUMNS_OF_CALLS,
  IS_OF_SESSION,
  SESSION_KEY,
  SESSION_SORTS,
  sessionOrder,
} from "@/db/clickhouse/session-columns";
import {
  fromRawRows,
  listCallSources,
  type Rolled,
  rolledParam,
  whereRolled,
} from "@/db/clickhouse/spend-sources";

const generations = z.array(z.bigint());
const params = scopeParams.extend({
  ...filteredParams,
  after: afterSessionParam.nullable(),
  limit: z.int().positive(),
  rolled: rolledParam,
});
type Asked = z.input<typeof params>;

/**
 * Where the rows of a session are, as bits: calls, rows of hours, rows of days that are looked for by their key, rows in
 * the list of long sessions. The last two are of sessions with a single row, which is in the list of the dearest or in
 * a day that has no such list.
 */
export const FOUND_IN = { calls: 1, hours: 2, days: 4, long: 8, listed: 16, unlisted: 32 } as const;

const row = z.object({
  session_key: z.string(),
  sort_value: z.string().nullable(),
  /** Bits of `FOUND_IN`. */
  found_in: z.int(),
});
export type RankedSession = z.output<typeof row>;

const listedRow = row.extend({ is_end: z.boolean() });

/**
 * The dearest sessions from the lists of the dearest rows of each day (migrations/0010) and all rows of sessions that
 * may have several; null where the page goes on past the end of such a list.
 *
 * A session has several rows only if it was noted as long (0008) up to the last generation that is read, is in an hour,
 * or in a call that is read. Those are grouped; a row of a list counts only where its session was not noted. Of sessions
 * that a call is read of, those with a row in a day that were not noted are looked for beside the ranking: there are none
 * but in the hour after midnight, so only then it is asked again.
 * @throws QueryFailedError, MalformedRowError
 */
export async function rankDearestSessions(
  clickhouse: ClickHouse,
  asked: Asked,
): Promise<RankedSession[] | null> {
  const unlisted = await findUnlisted(clickhouse, asked);
  const rank = async (calledKeys: bigint[]) => {
    const question = { ...asked, unlisted, calledKeys };
    return mergeRanks(
      await Promise.all([askGrouped(clickhouse, question), askFromLists(clickhouse, question)]),
    );
  };
  const [ranked, called] = await Promise.all([rank([]), askCalledKeys(clickhouse, asked)]);
  const rows =
    called.length === 0 ? ranked : await rank(called.map(({ session_key }) => BigInt(session_key)));
  const end = rows.findIndex((one) => "is_end" in one && one.is_end);
  return end === -1 || end >= asked.limit ? rows.slice(0, asked.limit) : null;
}

type Ranked = RankedSession | z.output<typeof listedRow>;

/**
 * Both in one order. What was noted after the last generation that is read may be in both, with the one row that it has:
 * the two statements saw the notes at two moments.
 */
function mergeRanks([grouped, listed]: [RankedSession[], z.output<typeof listedRow>[]]): Ranked[] {
  const known = new Set(grouped.map(({ session_key }) => session_key));
  const others = listed.filter((one) => one.is_end || !known.has(one.session_key));
  const places = [...grouped, ...others].map((one: Ranked) => ({
    one,
    value: one.sort_value === null ? null : toFemto(one.sort_value),
    key: BigInt(one.session_key),
    isEnd: "is_end" in one && one.is_end,
  }));
  places.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1;
    } else if (a.value !== b.value) return a.value > b.value ? -1 : 1;
    if (a.key !== b.key) return a.key < b.key ? -1 : 1;
    return Number(a.isEnd) - Number(b.isEnd);
  });
  return places.map(({ one }) => one);
}

/** Days without a list of the dearest: small ones, and those of before there were lists. */
async function findUnlisted(clickhouse: ClickHouse, asked: Asked): Promise<bigint[]> {
  const days = generationsOf(asked.rolled, DAY_GRAIN);
  const unknown = days.filter((generation) => !clickhouse.memory?.isListed(generation));
  if (unknown.length === 0) return [];
  const listed = await askListed(clickhouse, { ...asked, unknown });
  const found = new Set(listed.map(({ generation }) => generation));
  for (const generation of found) clickhouse.memory?.keepListed(generation);
  return unknown.filter((generation) => !found.has(generation));
}

const askListed = defineQuery({
  name: "list-listed-generations",
  params: scopeParams.extend({ unknown: generations }),
  row: z.object({ generation: z.string().transform(BigInt) }),
  sql: ({ projectIds, unknown }) => ({
    text: `
SELECT DISTINCT toString(generation) AS generation FROM session_ranks
WHERE project_id IN {projectIds:Array(String)} AND list = 'cost' AND generation IN {unknown:Array(UInt64)} AND is_last`,
    values: { projectIds, unknown },
  }),
});

/** Keys of sessions that a call is read of and that have a row in a day, without those noted as long. */
const askCalledKeys = defineQuery({
  name: "list-called-sessions",
  params,
  row: z.object({ session_key: z.string() }),
  sql: (asked) => {
    const calls = fromRawRows(asked);
    if (calls === null) return { text: "SELECT '' AS session_key WHERE 0", values: {} };
    const where = whereRolled(asked);
    const days = generationsOf(asked.rolled, DAY_GRAIN);
    const newest = newestOf([...days, ...generationsOf(asked.rolled, HOUR_GRAIN)]);
    // The key first: nearly no row has one of these, and of the others nothing else is read.
    return {
      text: `
SELECT DISTINCT toString(key) AS session_key FROM session_days
PREWHERE key IN (SELECT ${SESSION_KEY} FROM ${calls.text} AND ${IS_OF_SESSION})
WHERE ${where.text} AND ${OF_DAYS} AND key NOT IN (${LONG_KEYS})`,
      values: { ...calls.values, ...where.values, days, newest },
    };
  },
});

const rankParams = params.extend({ unlisted: generations, calledKeys: generations });
const VALUES = SESSION_SORTS.cost.parts;
const VALUE = SESSION_SORTS.cost.value;
const cell = (place: keyof typeof FOUND_IN, from: string): string =>
  `SELECT key, ${VALUES[0].days} AS a_cell, ${VALUES[1].days} AS b_cell, ${FOUND_IN[place]} AS place FROM ${from}`;
const ranksOf = (list: "long" | "cost", where: string): string =>
  `session_ranks FINAL WHERE ${where} AND list = '${list}' AND ${OF_DAYS}`;

/** The dearest of all sessions that may have several rows. */
const askGrouped = defineQuery({
  name: "rank-grouped-sessions",
  params: rankParams,
  row,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const sources = listCallSources({ ...asked, columns: COST_COLUMNS_OF_CALLS });
    const calls = sources.filter(({ isRolled }) => !isRolled).map(({ from }) => from);
    const where = whereRolled(asked);
    const cells = calls.map(
      (
        from,
      ) => `SELECT ${SESSION_KEY} AS key, ${VALUES[0].calls} AS a_cell, ${VALUES[1].calls} AS b_cell,
    ${FOUND_IN.calls} AS place FROM ${from.text} AND ${IS_OF_SESSION} GROUP BY key`,
    );
    const own = ownValues(asked);
    if (own.hours.length > 0) {
      cells.push(cell("hours", `session_days WHERE ${where.text} AND ${OF_HOURS}`));
    }
    const isCalled = asked.calledKeys.length > 0;
    if (isCalled) {
      const from = `session_days PREWHERE key IN {calledKeys:Array(UInt64)} WHERE ${where.text} AND ${OF_DAYS}`;
      cells.push(cell("days", from));
    }
    // Noted since: it is among those already.
    const others = isCalled ? ` AND ${NOT_CALLED}` : "";
    cells.push(cell("long", `${ranksOf("long", where.text)}${others}`));
    const after = afterSessionSql({ ...asked, sort: "cost", direction: "desc" });
    const text = `
SELECT toString(key) AS session_key, toString(${VALUE}) AS sort_value, groupBitOr(place) AS found_in,
  sum(a_cell) AS a, sum(b_cell) AS b
FROM (${cells.join("\nUNION ALL ")}) GROUP BY key HAVING ${after.text}
ORDER BY ${sessionOrder("cost", "desc")} LIMIT {limit:UInt32}`;
    const bound = joinParts([...calls, where], "");
    return { text, values: { ...bound.values, ...after.values, ...own } };
  },
});

/** The dearest rows of the lists, and where each list ends; and of days without one. */
const askFromLists = defineQuery({
  name: "rank-listed-sessions",
  params: rankParams,
  row: listedRow,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const where = whereRolled(asked);
    const after = afterSessionSql({ ...asked, sort: "cost", direction: "desc" });
    const own = ownValues(asked);
    const isCalled = asked.calledKeys.length > 0;
    const values = `key, ${VALUES[0].days} AS a, ${VALUES[1].days} AS b`;
    // A list's last row stands for itself, and once more for where the list ends.
    const rows = [
      `SELECT ${values}, ${FOUND_IN.listed} AS place, arrayJoin(if(is_last, [false, true], [false])) AS is_end
  FROM ${ranksOf("cost", where.text)}`,
    ];
    if (asked.unlisted.length > 0) {
      rows.push(`SELECT ${values}, ${FOUND_IN.unlisted} AS place, false AS is_end
  FROM session_days WHERE ${where.text} AND generation IN {unlisted:Array(UInt64)}`);
    }
    const text = `
SELECT toString(key) AS session_key, toString(${VALUE}) AS sort_value, place AS found_in, is_end
FROM (${rows.join("\nUNION ALL ")})
WHERE is_end OR (${after.text} AND key NOT IN (${LONG_KEYS})${isCalled ? ` AND ${NOT_CALLED}` : ""})
ORDER BY ${sessionOrder("cost", "desc")}, is_end LIMIT {limit:UInt32} + 1`;
    return { text, values: { ...where.values, ...after.values, ...own } };
  },
});

function ownValues(asked: z.output<typeof rankParams>) {
  const { limit, unlisted, calledKeys } = asked;
  const days = generationsOf(asked.rolled, DAY_GRAIN);
  const hours = generationsOf(asked.rolled, HOUR_GRAIN);
  return { limit, unlisted, calledKeys, days, hours, newest: newestOf([...days, ...hours]) };
}

const NOT_CALLED = "key NOT IN {calledKeys:Array(UInt64)}";
/** What is noted up to a generation that is current does not change any more: all statements see the same. */
const LONG_KEYS = `SELECT key FROM long_sessions
    WHERE project_id IN {projectIds:Array(String)} AND generation <= {newest:UInt64}`;
const OF_DAYS = "generation IN {days:Array(UInt64)}";
const OF_HOURS = "generation IN {hours:Array(UInt64)}";

/** The last generation that is read: up to it, it is noted which sessions are long. */
export function newestOf(all: readonly bigint[]): bigint {
  let newest = 0n;
  for (const generation of all) if (generation > newest) newest = generation;
  return newest;
}

/** The generations of one grain that a question reads. */
export function generationsOf(rolled: Rolled | null, grain: Grain): readonly bigint[] {
  return rolled?.pieces.find((piece) => piece.grain === grain)?.generations ?? [];
}
