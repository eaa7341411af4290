import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import { readCounters } from "@/ingest/testing/counted-events";
import { callsAnswerSchema, callsQuerySchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { parseQuery, readQuery } from "@/lib/request-input";
import { listSessions } from "@/lib/sessions/list-sessions";
import { sessionsAnswerSchema, sessionsQuerySchema } from "@/lib/sessions/session-schemas";
import { spendAnswerSchema, spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";

/** Where the views are read from. */
export interface ViewStores {
  clickhouse: ClickHouse;
  db: Db;
}

/** Everything that people are shown of one project's calls, without when they arrived; the same for the same calls. */
export interface Views {
  /** By the question's text. */
  spend: Record<string, unknown>;
  /** By the order's name. */
  calls: Record<string, unknown[]>;
  sessions: unknown[];
  counters: unknown[];
}

const DAYS = "from=2026-03-28T22:00:00Z&to=2026-03-30T22:00:00Z";
/** Ends within a quarter of an hour: no rollup can answer it alone. */
const PIECE = "from=2026-03-29T00:14:00.000001Z&to=2026-03-30T11:59:30Z";

/** Answered from rollups of each cube and grain, from calls, and from both; over a change to summer time. */
const QUESTIONS = [
  `${DAYS}&tz=UTC`,
  `${DAYS}&tz=UTC&group_by=model,provider&interval=day`,
  `${DAYS}&tz=Europe/Berlin&group_by=feature&interval=day`,
  `${DAYS}&tz=Asia/Kathmandu&group_by=agent&interval=day`,
  `${DAYS}&tz=America/St_Johns&group_by=status&interval=hour`,
  `${DAYS}&tz=Australia/Lord_Howe&interval=15m&figures=cost_usd,calls,p95_duration_ms`,
  `${DAYS}&tz=Pacific/Apia&group_by=feature&interval=week&limit=1`,
  `${PIECE}&tz=UTC&group_by=model&interval=month`,
  `${PIECE}&tz=Pacific/Chatham&group_by=status&filter.feature=search`,
  `${DAYS}&tz=UTC&group_by=user,session,task`,
  `${PIECE}&tz=UTC&group_by=metadata.team,type&interval=day&limit=2`,
];
const ORDERS = ["-timestamp", "-cost_usd"];
const PAGE = 100;

/** Reads every view of one project. @param nowMs a moment after the last arrival. */
export async function readViews(
  { clickhouse, db }: ViewStores,
  projectId: string,
  nowMs: number,
): Promise<Views> {
  const projects = [{ id: projectId, slug: "viewed" }];
  const askSpend = async (question: string) => {
    const context = { clickhouse, projects, freshness: null, nowMs, organisationTimeZone: "UTC" };
    const query = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${question}`)));
    return spendAnswerSchema.parse(await sumSpend(context, query));
  };
  const spend = await Promise.all(
    QUESTIONS.map(async (question) => [question, await askSpend(question)] as const),
  );
  const calls: Record<string, unknown[]> = {};
  for (const order of ORDERS) {
    const all = await listEveryCall({ clickhouse, projects, nowMs }, `${DAYS}&sort=${order}`);
    calls[order] = all.map(({ ingested_at: _, ...call }) => call);
  }
  return {
    spend: Object.fromEntries(spend),
    calls,
    sessions: await listEverySession({ clickhouse, projects, nowMs }, DAYS),
    counters: await readCounters(db, projectId),
  };
}

/** Of whom a list is asked. */
interface Asked {
  clickhouse: ClickHouse;
  projects: { id: string; slug: string }[];
  nowMs: number;
}
const LIST = { freshness: null, cursorSecret: "a secret of a test" };

/** All pages of calls. */
export function listEveryCall(asked: Asked, query: string) {
  return readPages(async (cursor) => {
    const values = readQuery(new URL(`http://x/?${query}&limit=${PAGE}${cursor}`));
    const answer = await listCalls({ ...asked, ...LIST }, parseQuery(callsQuerySchema, values));
    const { calls, next_cursor } = callsAnswerSchema.parse(answer);
    return { rows: calls, next_cursor };
  });
}

/** All pages of sessions. */
function listEverySession(asked: Asked, query: string) {
  return readPages(async (cursor) => {
    const values = readQuery(new URL(`http://x/?${query}&limit=2${cursor}`));
    const answer = await listSessions(
      { ...asked, ...LIST },
      parseQuery(sessionsQuerySchema, values),
    );
    const { sessions, next_cursor } = sessionsAnswerSchema.parse(answer);
    return { rows: sessions, next_cursor };
  });
}

/** @param read given `&cursor=…`, for the first page nothing. */
async function readPages<Row>(
  read: (cursor: string) => Promise<{ rows: Row[]; next_cursor: string | null }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page = await read(next === "" ? "" : `&cursor=${next}`);
    all.push(...page.rows);
    next = page.next_cursor;
  }
  return all;
}
