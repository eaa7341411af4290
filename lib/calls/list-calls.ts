import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { type After, afterParam, listCalls as askCalls } from "@/db/clickhouse/queries/list-calls";
import type { CallsAnswer, CallsQuery } from "@/lib/calls/call-schemas";
import { expiredBefore } from "@/lib/calls/expired-before";
import { findFirstAndLastEvent } from "@/lib/calls/find-first-and-last-event";
import { narrowProjects, type ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import { toCall } from "@/lib/calls/to-call";
import { readCursor, writeCursor } from "@/lib/cursor";

/** Where a page begins: the first one's range and moment hold for all pages after it. */
const positionSchema = z.object({
  fromUs: z.int(),
  toUs: z.int(),
  asOfUs: z.int().nullable(),
  after: afterParam.nullable(),
});
type Position = z.output<typeof positionSchema>;
type PageRow = Awaited<ReturnType<typeof askCalls>>[number];

/** One bucket: busy projects fill a page with it, and looking in vain costs the others little. */
const FIRST_WINDOW_US = 900 * 1e6;
const WINDOW_GROWTH = 16;

interface CallsContext {
  clickhouse: ClickHouse;
  projects: readonly ReadableProject[];
  cursorSecret: string;
  nowMs: number;
}

/**
 * One page of calls. Following pages show what had arrived when the first one was asked for, after the
 * last row shown: none comes twice and none is left out, whatever arrives meanwhile.
 * @throws OutlayError `bad_request` for an empty range and a cursor that is altered or of another question
 */
export async function listCalls(context: CallsContext, query: CallsQuery): Promise<CallsAnswer> {
  const { cursor, limit, ...question } = query;
  const signed = ["calls", question, context.projects.map(({ id }) => id).sort()];
  const position: Position = cursor
    ? positionSchema.parse(readCursor(context.cursorSecret, signed, cursor))
    : { ...resolveRange(query, context.nowMs), asOfUs: query.asOfUs, after: null };
  // One more than the page: whether there is a next one is known, not guessed.
  const rows = await readPage(context, query, position, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = (row: PageRow): Position => ({
    ...position,
    asOfUs: position.asOfUs ?? context.nowMs * 1000,
    after: toAfter(row),
  });
  const slugs = new Map(context.projects.map(({ id, slug }) => [id, slug]));
  return {
    calls: page.map((row) => toCall(row, slugs)),
    next_cursor:
      last && rows.length > limit ? writeCursor(context.cursorSecret, signed, next(last)) : null,
    expired_before: expiredBefore(context.projects, position.fromUs),
  };
}

/**
 * By time, the table's order is nearly the page's: the end of the range is read first, and more of it only
 * until the page is full. Any other order has to look at the whole range.
 */
async function readPage(
  { clickhouse, projects }: CallsContext,
  query: CallsQuery,
  position: Position,
  limit: number,
): Promise<PageRow[]> {
  const { sort, direction } = query;
  const { after, asOfUs } = position;
  const read = (range: { fromUs: number; toUs: number }) =>
    askCalls(clickhouse, {
      ...narrowProjects(projects, query.filters),
      ...range,
      asOfUs,
      sort,
      direction,
      after,
      limit,
    });
  if (sort !== "timestamp") return read(position);
  const { fromUs, toUs } = await withoutFuture(
    { clickhouse, projects },
    remainingRange(position, direction),
    direction,
  );
  for (let windowUs = FIRST_WINDOW_US; windowUs < toUs - fromUs; windowUs *= WINDOW_GROWTH) {
    const window =
      direction === "desc"
        ? { fromUs: toUs - windowUs, toUs }
        : { fromUs, toUs: fromUs + windowUs };
    const rows = await read(window);
    if (rows.length >= limit) return rows;
  }
  return read({ fromUs, toUs });
}

/** What a page by time can still show: events of the last row's own microsecond included. */
function remainingRange({ fromUs, toUs, after }: Position, direction: "asc" | "desc") {
  if (!after) return { fromUs, toUs };
  return direction === "desc" ? { fromUs, toUs: after.tsUs + 1 } : { fromUs: after.tsUs, toUs };
}

/** A range ends with today, which has hours to come: newest first, the reading begins at the newest event. */
async function withoutFuture(
  { clickhouse, projects }: Pick<CallsContext, "clickhouse" | "projects">,
  range: { fromUs: number; toUs: number },
  direction: "asc" | "desc",
): Promise<{ fromUs: number; toUs: number }> {
  if (direction === "asc") return range;
  const { last_event_at } = await findFirstAndLastEvent(clickhouse, projects);
  if (last_event_at === null) return range;
  // Of an instant in text only milliseconds are read: the next one is after it.
  const endUs = (Date.parse(last_event_at) + 1) * 1000;
  return { ...range, toUs: Math.max(range.fromUs, Math.min(range.toUs, endUs)) };
}

function toAfter(row: PageRow): After {
  return { value: row.sort_value, tsUs: row.ts_us, projectId: row.project_id, id: row.id };
}
