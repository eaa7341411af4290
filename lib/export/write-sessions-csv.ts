import { narrowProjects } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import { SESSION_COLUMNS } from "@/lib/export/session-columns";
import { writeCsvPages } from "@/lib/export/write-csv-pages";
import { listSessions, type SessionsContext } from "@/lib/sessions/list-sessions";
import type { SessionsQuery } from "@/lib/sessions/session-schemas";
import { requireCalls } from "@/lib/spend/sealed-range";

/** Sessions of one page: some MB. Each page ranks all sessions anew, so few large pages. */
const PAGE_SESSIONS = 10_000;

interface SessionsExportContext extends Omit<SessionsContext, "freshness"> {
  /** What the file is of, as `chooseMoment` tells it; microseconds since 1970. */
  momentUs: number;
}

/**
 * Every session of GET /api/sessions as lines of CSV, dearest first, at one moment: none comes twice and none is left
 * out, whatever arrives meanwhile.
 * @throws OutlayError `bad_request` for a range of which calls expired: the rest would look like all of it
 */
export async function* writeSessionsCsv(
  context: SessionsExportContext,
  query: SessionsQuery,
  pageSessions = PAGE_SESSIONS,
): AsyncGenerator<string, void, void> {
  const range = resolveRange(query, context.nowMs);
  const { projectIds } = narrowProjects(context.projects, query.filters);
  requireCalls(context.projects, projectIds, range.fromUs, "UTC");
  const asOfUs = query.asOfUs ?? context.momentUs;
  const question = { ...query, ...range, asOfUs, limit: pageSessions };
  yield* writeCsvPages(SESSION_COLUMNS, async (cursor) => {
    const page = await listSessions({ ...context, freshness: null }, { ...question, cursor });
    return { rows: page.sessions, nextCursor: page.next_cursor };
  });
}
