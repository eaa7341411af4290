import type { ClickHouse } from "@/db/clickhouse/client";
import type { CallsQuery } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { narrowProjects, type ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import { CALL_COLUMNS } from "@/lib/export/call-columns";
import { writeCsvPages } from "@/lib/export/write-csv-pages";
import { requireCalls } from "@/lib/spend/sealed-range";

/** Calls of one page: some MB, so that what is held does not depend on how many there are. */
const PAGE_CALLS = 5_000;

interface CallsExportContext {
  clickhouse: ClickHouse;
  projects: readonly ReadableProject[];
  cursorSecret: string;
  /** What the file is of, as `chooseMoment` tells it; microseconds since 1970. */
  momentUs: number;
  nowMs: number;
}

/**
 * Every call of GET /api/calls as lines of CSV, newest first, at one moment: none comes twice and none is left out,
 * whatever arrives meanwhile. Voided calls are there, as in the list; `counted` tells them.
 * @throws OutlayError `bad_request` for a range of which calls expired: the rest would look like all of it
 */
export async function* writeCallsCsv(
  context: CallsExportContext,
  query: CallsQuery,
  pageCalls = PAGE_CALLS,
): AsyncGenerator<string, void, void> {
  const range = resolveRange(query, context.nowMs);
  const { projectIds } = narrowProjects(context.projects, query.filters);
  requireCalls(context.projects, projectIds, range.fromUs, "UTC");
  const asOfUs = query.asOfUs ?? context.momentUs;
  const question = { ...query, ...range, asOfUs, limit: pageCalls };
  yield* writeCsvPages(CALL_COLUMNS, async (cursor) => {
    const page = await listCalls(context, { ...question, cursor });
    return { rows: page.calls, nextCursor: page.next_cursor };
  });
}
