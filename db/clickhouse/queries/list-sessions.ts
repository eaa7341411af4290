import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_GRAIN, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import { filteredParams, joinParts } from "@/db/clickhouse/filters";
import { mergeCells } from "@/db/clickhouse/merge-cells";
import {
  FOUND_IN,
  generationsOf,
  type RankedSession,
} from "@/db/clickhouse/queries/rank-dearest-sessions";
import { defineQuery, type SqlPart, scopeParams } from "@/db/clickhouse/query";
import {
  IS_OF_SESSION,
  MAX_AGENTS,
  SESSION_COLUMNS_OF_CALLS,
  SESSION_KEY,
  SESSION_NAMES_OF_CALLS,
  SESSION_NUMBERS,
  SESSION_OF_CALLS,
  SESSION_OF_ROW,
  sessionCell,
  type sessionRow,
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

const PLACES = ["listed", "long", "hour", "day", "call"] as const;
type Place = (typeof PLACES)[number];
const GRAIN_OF = { listed: DAY_GRAIN, long: DAY_GRAIN, hour: HOUR_GRAIN, day: DAY_GRAIN } as const;
type Cell = z.output<typeof sessionCell>;

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

type Session = z.output<typeof sessionRow> & { session_key: string };

/**
 * Sessions of these keys with their sums over the range, by name: two sessions of one key are two, each with figures of
 * its own. What is in several places is read at the same time, and merged here.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listSessions(
  clickhouse: ClickHouse,
  asked: z.input<typeof params>,
): Promise<Session[]> {
  const places = PLACES.filter((place) => mustRead(asked, place));
  const cells = await Promise.all(places.map((place) => askCells(clickhouse, { ...asked, place })));
  const sessions = new Map<string, Cell[]>();
  for (const cell of cells.flat()) {
    const name = JSON.stringify([cell.project_id, cell.session, cell.trace, cell.session_key]);
    const own = sessions.get(name);
    if (own) own.push(cell);
    else sessions.set(name, [cell]);
  }
  return [...sessions.values()].flatMap(mergeSession).sort(byName);
}

function mustRead(asked: z.input<typeof params>, place: Place): boolean {
  if (asked[`${place}Keys`].length === 0) return false;
  if (place === "call") return asked.rolled === null || asked.rolled.rawRanges.length > 0;
  return generationsOf(asked.rolled, GRAIN_OF[place]).length > 0;
}

/** One session's values of those in several places; none of none. */
export function mergeSession(cells: readonly Cell[]): Session[] {
  const [first] = cells;
  if (!first) return [];
  const { project_id, session, trace, session_key } = first;
  const agents = [...new Set(cells.flatMap(({ m_agents }) => m_agents))];
  const merged = {
    ...mergeCells(cells, SESSION_NUMBERS),
    steps: cells.reduce((sum, { m_steps }) => sum + m_steps, 0),
    retries: cells.reduce((sum, { m_retries }) => sum + Number(m_retries), 0),
    started_us: Math.min(...cells.map(({ m_started_us }) => m_started_us)),
    ended_us: Math.max(...cells.map(({ m_ended_us }) => m_ended_us)),
    agents: agents.sort(byBytes).slice(0, MAX_AGENTS + 1),
  };
  return [{ project_id, session, trace, session_key, ...merged }];
}

const byBytes = (one: string, two: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(two));
const byName = (one: Session, two: Session): number =>
  byBytes(one.project_id, two.project_id) ||
  byBytes(one.session, two.session) ||
  byBytes(one.trace, two.trace);

const askCells = defineQuery({
  name: "list-sessions",
  params: params.extend({ place: z.enum(PLACES) }),
  row: sessionCell,
  settings: { do_not_merge_across_partitions_select_final: 1 },
  sql: (asked) => (asked.place === "call" ? callCells(asked) : rowCells(asked, asked.place)),
});

function rowCells(asked: Params, place: Exclude<Place, "call">): SqlPart {
  const where = whereRolled(asked);
  const generations = generationsOf(asked.rolled, GRAIN_OF[place]);
  const keys = asked[`${place}Keys`];
  // A row of a list may be there twice (migrations/0010), and no two others are the same: they begin on other days or in
  // other hours. DISTINCT sees the few that are asked for, where FINAL would read all columns of all lists.
  const from = {
    listed: `session_ranks WHERE ${where.text} AND list = 'cost' AND ${IN_KEYS}`,
    long: `session_ranks WHERE ${where.text} AND list = 'long' AND ${IN_KEYS}`,
    hour: `session_days PREWHERE ${IN_KEYS} WHERE ${where.text}`,
    day: `session_days PREWHERE ${IN_KEYS} WHERE ${where.text}`,
  }[place];
  const text = `
SELECT DISTINCT project_id, session, trace, toString(key) AS session_key, ${SESSION_OF_ROW}
FROM ${from} AND generation IN {generations:Array(UInt64)}`;
  return { text, values: { ...where.values, generations, keys } };
}

const IN_KEYS = "key IN {keys:Array(UInt64)}";

function callCells(asked: Params): SqlPart {
  // Rollups know sessions only, so nothing else is asked of a call beside them.
  const columns = asked.rolled === null ? {} : { columns: SESSION_COLUMNS_OF_CALLS };
  const sources = listCallSources({ ...asked, ...columns }).filter(({ isRolled }) => !isRolled);
  const cells = sources.map(
    ({ from }) => `
SELECT project_id, ${SESSION_NAMES_OF_CALLS}, toString(key) AS session_key, ${SESSION_OF_CALLS}
FROM ${from.text} AND ${IS_OF_SESSION} AND ${SESSION_KEY} IN {callKeys:Array(UInt64)}
GROUP BY project_id, session, trace, key`,
  );
  const bound = joinParts(
    sources.map(({ from }) => from),
    "",
  );
  return {
    text: cells.join(" UNION ALL "),
    values: { ...bound.values, callKeys: asked.callKeys },
  };
}
