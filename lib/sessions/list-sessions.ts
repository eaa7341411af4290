import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { listSessions as askSessions, keysByPlace } from "@/db/clickhouse/queries/list-sessions";
import { rankSessions } from "@/db/clickhouse/queries/rank-sessions";
import { afterSessionParam } from "@/db/clickhouse/session-columns";
import type { Rolled } from "@/db/clickhouse/spend-sources";
import type { Db } from "@/db/postgres";
import { formatInstant } from "@/lib/calendar/format-instant";
import { expiredBefore, sealedBeforeUs } from "@/lib/calls/expired-before";
import { narrowProjects, type ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import { readCursor, writeCursor } from "@/lib/cursor";
import { findSessionOutcomes } from "@/lib/outcomes/find-session-outcomes";
import { listTasksOfSessions } from "@/lib/outcomes/list-tasks-of-sessions";
import type { Freshness } from "@/lib/runtime";
import type { SessionsAnswer, SessionsQuery } from "@/lib/sessions/session-schemas";
import { toSession } from "@/lib/sessions/to-session";
import { askRolled } from "@/lib/spend/ask-rolled";
import { requireCalls } from "@/lib/spend/sealed-range";

/** Where a page begins: the first one's range and moment hold for all pages after it. */
const positionSchema = z.object({
  fromUs: z.int(),
  toUs: z.int(),
  asOfUs: z.int(),
  /** Where the range began as it was asked for: `fromUs` may be later, as calls had expired. */
  askedFromUs: z.int(),
  after: afterSessionParam.nullable(),
});
type Position = z.output<typeof positionSchema>;

export interface SessionsContext {
  clickhouse: ClickHouse;
  /** Where outcomes are; left out: none is told. */
  db?: Db;
  projects: readonly ReadableProject[];
  /** How far the figures reach; null: not known. */
  freshness: Freshness | null;
  cursorSecret: string;
  nowMs: number;
}

/**
 * One page of sessions with their sums over the range. All pages show the moment the first one was asked for, so none
 * comes twice and none is left out, whatever arrives meanwhile: sums move, and with them their order. Of a range that
 * reaches behind what expired the kept part is listed, and the answer says where it begins.
 * @throws OutlayError `bad_request` for an empty range and a cursor that is altered, of another question, or of calls that
 * expired since
 */
export async function listSessions(
  context: SessionsContext,
  query: SessionsQuery,
): Promise<SessionsAnswer> {
  const { cursor, limit, ...question } = query;
  const signed = ["sessions", question, context.projects.map(({ id }) => id).sort()];
  const position: Position = cursor
    ? positionSchema.parse(readCursor(context.cursorSecret, signed, cursor))
    : firstPosition(context, query);
  const answer = {
    as_of: formatInstant(position.asOfUs, "UTC"),
    expired_before: expiredBefore(askedProjects(context, query), position.askedFromUs),
  };
  if (position.fromUs >= position.toUs) return { ...answer, sessions: [], next_cursor: null };
  // One more than the page: whether there is a next one is known, not guessed.
  const { ranked, rows } = await readPage(context, query, position, limit + 1);
  const last = ranked.length > limit ? ranked[limit - 1] : undefined;
  const next = (after: Position["after"]) =>
    writeCursor(context.cursorSecret, signed, { ...position, after });
  const slugs = new Map(context.projects.map(({ id, slug }) => [id, slug]));
  const outcomes = await findOutcomes(context, rows, position);
  return {
    ...answer,
    sessions: rows.map((row, i) => toSession(row, slugs, outcomes[i] ?? null)),
    next_cursor: last ? next({ value: last.sort_value, key: last.session_key }) : null,
  };
}

/** The kept part of the range: of what expired no session is known, and names stand in none of its sums. */
function firstPosition(context: SessionsContext, query: SessionsQuery): Position {
  const { fromUs, toUs } = resolveRange(query, context.nowMs);
  return {
    fromUs: Math.max(fromUs, sealedBeforeUs(askedProjects(context, query))),
    toUs,
    askedFromUs: fromUs,
    asOfUs: Math.min(query.asOfUs ?? Number.POSITIVE_INFINITY, settledUs(context)),
    after: null,
  };
}

function askedProjects({ projects }: SessionsContext, { filters }: SessionsQuery) {
  const { projectIds } = narrowProjects(projects, filters);
  return projects.filter(({ id }) => projectIds.includes(id));
}

/**
 * The last moment of which everything is queryable. What was accepted before and is still in the spool would show up
 * in a later page only, and move what it is part of.
 */
function settledUs({ freshness, nowMs }: SessionsContext): number {
  return (freshness === null ? nowMs : Math.min(nowMs, freshness.freshToMs)) * 1000 - 1;
}

async function findOutcomes(
  { db, clickhouse }: SessionsContext,
  rows: Awaited<ReturnType<typeof readPage>>["rows"],
  { fromUs, toUs, asOfUs }: Position,
) {
  if (!db) return [];
  return findSessionOutcomes({ db, asOfUs }, rows, (some) =>
    listTasksOfSessions(clickhouse, some, { fromUs, toUs, asOfUs }),
  );
}

function readPage(
  { clickhouse, projects }: SessionsContext,
  query: SessionsQuery,
  { fromUs, toUs, asOfUs, after }: Position,
  limit: number,
) {
  const { sort, direction } = query;
  const asked = { ...narrowProjects(projects, query.filters), fromUs, toUs, asOfUs };
  // What expired since the first page was on it: the pages after it would be of another moment.
  requireCalls(projects, asked.projectIds, fromUs, "UTC");
  // Two statements, which see the same calls: everything up to that moment was there before the first.
  const ask = async (rolled: Rolled | null) => {
    const question = { ...asked, rolled };
    const ranked = await rankSessions(clickhouse, { ...question, sort, direction, after, limit });
    const page = ranked.slice(0, limit - 1);
    const keys = page.map(({ session_key }) => session_key);
    const rows =
      keys.length === 0 ? [] : await askSessions(clickhouse, { ...question, ...keysByPlace(page) });
    const places = new Map(keys.map((key, place) => [key, place]));
    const placeOf = (row: { session_key: string }) => places.get(row.session_key) ?? 0;
    return { ranked, rows: rows.sort((a, b) => placeOf(a) - placeOf(b)) };
  };
  // A session's sums by day know its name and nothing of what its calls were.
  const isRolled = asked.filters.every(({ dimension }) => dimension === "session");
  return isRolled ? askRolled(clickhouse, "session", { ...asked, edges: [] }, ask) : ask(null);
}
