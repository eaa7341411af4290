import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_SECONDS } from "@/db/clickhouse/llm-call-row";
import {
  type After,
  afterParam,
  type CallKey,
  listCallKeys,
  listCallsOfKeys,
} from "@/db/clickhouse/queries/list-calls";
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

/** One bucket: busy projects fill a page with it, and looking in vain costs the others little. */
const FIRST_WINDOW_US = 900 * 1e6;
/** Of filtered calls there are few in a bucket: four hours are read in twice its time. */
const FIRST_FILTERED_WINDOW_US = 16 * FIRST_WINDOW_US;
const MAX_GROWTH = 16;
const MIN_GROWTH = 0.25;

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
  const keys = await listKeys(context, query, position, limit + 1);
  const page = keys.slice(0, limit);
  const last = page.at(-1);
  const next = (key: CallKey): Position => ({
    ...position,
    asOfUs: position.asOfUs ?? context.nowMs * 1000,
    after: toAfter(key),
  });
  const slugs = new Map(context.projects.map(({ id, slug }) => [id, slug]));
  return {
    calls: (await readCalls(context, position.asOfUs, page)).map((row) => toCall(row, slugs)),
    next_cursor:
      last && keys.length > limit ? writeCursor(context.cursorSecret, signed, next(last)) : null,
    expired_before: expiredBefore(context.projects, position.fromUs),
  };
}

/**
 * By time, the table's order is nearly the page's: the end of the range is read first, and what lies before it only
 * until the page is full. Any other order has to look at the whole range.
 */
async function listKeys(
  { clickhouse, projects }: CallsContext,
  query: CallsQuery,
  position: Position,
  limit: number,
): Promise<CallKey[]> {
  const { sort, direction } = query;
  const { after, asOfUs } = position;
  const read = (range: { fromUs: number; toUs: number }, left: number) =>
    listCallKeys(clickhouse, {
      ...narrowProjects(projects, query.filters),
      ...range,
      asOfUs,
      includesRepeats: query.includesRepeats,
      sort,
      direction,
      after,
      limit: left,
    });
  if (sort !== "timestamp") return read(position, limit);
  const { fromUs, toUs } = await withoutFuture(
    { clickhouse, projects },
    remainingRange(position, direction),
    direction,
  );
  const keys: CallKey[] = [];
  const isNewestFirst = direction === "desc";
  const firstUs = query.filters.length === 0 ? FIRST_WINDOW_US : FIRST_FILTERED_WINDOW_US;
  for (let windowUs = firstUs, doneUs = 0; keys.length < limit; ) {
    const endUs = Math.min(doneUs + windowUs, toUs - fromUs);
    const window = isNewestFirst
      ? { fromUs: toUs - endUs, toUs: toUs - doneUs }
      : { fromUs: fromUs + doneUs, toUs: fromUs + endUs };
    const found = await read(window, limit - keys.length);
    keys.push(...found);
    if (endUs === toUs - fromUs) break;
    doneUs = endUs;
    // As much as the rest takes at this rate, and as much again: calls of one kind come in heaps. Little where little is
    // missing, and after a window in vain as much as was read before it at least.
    const growth = keys.length === 0 ? MAX_GROWTH : (2 * (limit - keys.length)) / keys.length;
    const least = found.length === 0 ? 1 : MIN_GROWTH;
    windowUs = Math.ceil(endUs * Math.min(MAX_GROWTH, Math.max(least, growth)));
  }
  return keys;
}

/** A page of calls that lie in so many buckets is read in two halves at the same time: each granule has fifty columns. */
const HALVED_BUCKETS = 4;

/** The whole calls of a page, in its order. One that retention deleted in between is left out. */
async function readCalls(
  { clickhouse }: CallsContext,
  asOfUs: number | null,
  keys: readonly CallKey[],
) {
  if (keys.length === 0) return [];
  const buckets = [...new Set(keys.map(({ bucket_seconds }) => bucket_seconds))].sort(
    (one, two) => one - two,
  );
  const middle =
    buckets.length < HALVED_BUCKETS ? 0 : (buckets[Math.floor(buckets.length / 2)] ?? 0);
  const halves = [
    keys.filter(({ bucket_seconds }) => bucket_seconds < middle),
    keys.filter(({ bucket_seconds }) => bucket_seconds >= middle),
  ].filter((half) => half.length > 0);
  const answers = await Promise.all(
    halves.map((half) => listCallsOfKeys(clickhouse, { ...scopeOf(half), asOfUs })),
  );
  const rows = answers.flat();
  // The same id in another quarter of an hour is another call.
  const nameOf = (one: { project_id: string; bucket_seconds: number; id: string }) =>
    JSON.stringify([one.project_id, one.bucket_seconds, one.id]);
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return keys.flatMap((key) => found.get(nameOf(key)) ?? []);
}

/** Where calls of these keys are: whole buckets. */
function scopeOf(keys: readonly CallKey[]) {
  const keyBuckets = [...new Set(keys.map(({ bucket_seconds }) => bucket_seconds))];
  return {
    projectIds: [...new Set(keys.map(({ project_id }) => project_id))],
    fromUs: Math.min(...keyBuckets) * 1e6,
    toUs: (Math.max(...keyBuckets) + BUCKET_SECONDS) * 1e6,
    keyBuckets,
    keyIds: keys.map(({ id }) => id),
  };
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

function toAfter(key: CallKey): After {
  return { value: key.sort_value, tsUs: key.ts_us, projectId: key.project_id, id: key.id };
}
