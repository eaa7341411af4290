import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, type Grain, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
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
const GROUPED = FOUND_IN.calls | FOUND_IN.hours | FOUND_IN.days | FOUND_IN.long;

const row = z.object({
  session_key: z.string(),
  sort_value: z.string().nullable(),
  /** Bits of `FOUND_IN`. */
  found_in: z.int(),
  is_end: z.boolean(),
});
export type RankedSession = Omit<z.output<typeof row>, "is_end">;

/**
 * The dearest sessions from the lists of the dearest rows of each day (migrations/0010) and all rows of sessions that
 * may have several; null where the page goes on past the end of such a list.
 *
 * Rows of one session are grouped where they are; a row of a list counts only where its session has none elsewhere. A
 * session has several rows only if it was noted as long (0008), is in an hour, or in a call that is read. Of the last
 * kind those with a row in a day are looked for beside the ranking: there are none but in the hour after midnight, so
 * only then it is asked again.
 * @throws QueryFailedError, MalformedRowError
 */
export async function rankDearestSessions(
  clickhouse: ClickHouse,
  asked: Asked,
): Promise<RankedSession[] | null> {
  const unlisted = await findUnlisted(clickhouse, asked);
  const rank = (calledKeys: bigint[]) => askRanks(clickhouse, { ...asked, unlisted, calledKeys });
  const [called, ranked] = await Promise.all([askCalledKeys(clickhouse, asked), rank([])]);
  const rows =
    called.length === 0 ? ranked : await rank(called.map(({ session_key }) => BigInt(session_key)));
  const end = rows.findIndex(({ is_end }) => is_end);
  return end === -1 || end >= asked.limit ? rows.slice(0, asked.limit) : null;
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
WHERE ${where.text} AND ${OF_DAYS} AND key NOT IN (SELECT key FROM long_sessions
    WHERE project_id IN {projectIds:Array(String)} AND generation <= {newest:UInt64})`,
      values: { ...calls.values, ...where.values, days, newest },
    };
  },
});

const askRanks = defineQuery({
  name: "rank-dearest-sessions",
  params: params.extend({ unlisted: generations, calledKeys: generations }),
  row,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => {
    const [cost, unknown] = SESSION_SORTS.cost.parts;
    const sources = listCallSources({ ...asked, columns: COST_COLUMNS_OF_CALLS });
    const calls = sources.filter(({ isRolled }) => !isRolled).map(({ from }) => from);
    const where = whereRolled(asked);
    const [days, hours] = [DAY_GRAIN, HOUR_GRAIN].map((one) => generationsOf(asked.rolled, one));
    const values = `${cost.days} AS a_cell, ${unknown.days} AS b_cell`;
    const rows = (place: keyof typeof FOUND_IN, from: string, end = "false") =>
      `SELECT key, ${values}, ${FOUND_IN[place]} AS place, ${end} AS is_end FROM ${from}`;
    const cells = calls.map(
      (from) => `SELECT ${SESSION_KEY} AS key, ${cost.calls} AS a_cell, ${unknown.calls} AS b_cell,
    ${FOUND_IN.calls} AS place, false AS is_end FROM ${from.text} AND ${IS_OF_SESSION} GROUP BY key`,
    );
    const ranks = (list: "long" | "cost") =>
      `session_ranks FINAL WHERE ${where.text} AND list = '${list}' AND ${OF_DAYS}`;
    if (hours?.length) {
      cells.push(rows("hours", `session_days WHERE ${where.text} AND ${OF_HOURS}`));
    }
    const isCalled = asked.calledKeys.length > 0;
    if (isCalled) {
      const from = `session_days PREWHERE key IN {calledKeys:Array(UInt64)} WHERE ${where.text} AND ${OF_DAYS}`;
      cells.push(rows("days", from));
    }
    // Noted since: it is among those already.
    const others = isCalled ? " AND key NOT IN {calledKeys:Array(UInt64)}" : "";
    cells.push(rows("long", `${ranks("long")}${others}`));
    // A list's last row stands for itself, and once more for where the list ends.
    cells.push(rows("listed", ranks("cost"), "arrayJoin(if(is_last, [false, true], [false]))"));
    if (asked.unlisted.length > 0) {
      const from = `session_days WHERE ${where.text} AND generation IN {unlisted:Array(UInt64)}`;
      cells.push(rows("unlisted", from));
    }
    const after = afterSessionSql({ ...asked, sort: "cost", direction: "desc" });
    const merge = (cell: string) =>
      `if(is_grouped, sumIf(${cell}, place < ${FOUND_IN.listed}), sum(${cell}))`;
    const text = `
SELECT toString(key) AS session_key, toString(${SESSION_SORTS.cost.value}) AS sort_value,
  if(is_grouped, bitAnd(places, ${GROUPED}), places) AS found_in, is_end
FROM (
  SELECT key, is_end, groupBitOr(place) AS places, bitAnd(places, ${GROUPED}) > 0 AS is_grouped,
    ${merge("a_cell")} AS a, ${merge("b_cell")} AS b
  FROM (${cells.join("\nUNION ALL ")}) GROUP BY key, is_end HAVING is_end OR ${after.text})
ORDER BY ${sessionOrder("cost", "desc")}, is_end LIMIT {limit:UInt32} + 1`;
    const bound = joinParts([...calls, where], "");
    const { limit, unlisted, calledKeys } = asked;
    const own = { limit, unlisted, calledKeys, days: days ?? [], hours: hours ?? [] };
    return { text, values: { ...bound.values, ...after.values, ...own } };
  },
});

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
