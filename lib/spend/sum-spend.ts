import type { ClickHouse } from "@/db/clickhouse/client";
import { isDayCube } from "@/db/clickhouse/cubes";
import { SKETCHES } from "@/db/clickhouse/measures";
import { sumSpend as askSpend, type GroupPlace } from "@/db/clickhouse/queries/sum-spend";
import type { Rolled } from "@/db/clickhouse/spend-sources";
import { formatInstant } from "@/lib/calendar/format-instant";
import { findFirstAndLastEvent } from "@/lib/calls/find-first-and-last-event";
import { narrowProjects, type ReadableProject } from "@/lib/calls/narrow-projects";
import { resolveRange } from "@/lib/calls/resolve-range";
import type { Freshness } from "@/lib/runtime";
import { askRolled } from "@/lib/spend/ask-rolled";
import { measuresOf, NO_MEASURES, toFigures } from "@/lib/spend/figures";
import { listSpendBuckets } from "@/lib/spend/list-spend-buckets";
import { findQuestionCube } from "@/lib/spend/plan-spend";
import { requireCalls, snapToSealed } from "@/lib/spend/sealed-range";
import type { SpendAnswer, SpendQuery } from "@/lib/spend/spend-schemas";

/** Cells of an answer: with a sketch each they are memory, without they are only text. */
const MAX_CELLS = 50_000;
const MAX_SKETCH_CELLS = 20_000;

export interface SpendContext {
  clickhouse: ClickHouse;
  projects: readonly ReadableProject[];
  /** How far the figures reach; null: not known. */
  freshness: Freshness | null;
  nowMs: number;
  /** The calendar of a question that names none. */
  organisationTimeZone: string;
}

type StoredRow = Awaited<ReturnType<typeof askSpend>>[number];

/**
 * Answers GET /api/spend. Total, rows and rest come from one pass over the same rows, so that
 * total = rows + rest to the last digit.
 * @param after only groups behind this one, dearest first; those before it are in `rest`
 * @throws OutlayError `bad_request` for a range that is empty or has too many buckets
 */
export async function sumSpend(
  context: SpendContext,
  query: SpendQuery,
  after: GroupPlace | null = null,
): Promise<SpendAnswer> {
  const timeZone = query.timeZone ?? context.organisationTimeZone;
  const range = snapToSealed(context.projects, resolveRange(query, context.nowMs));
  const starts = listSpendBuckets(query.interval, range, timeZone);
  const { projectIds, filters } = narrowProjects(context.projects, query.filters);
  const measures = measuresOf(query.figures);
  const hasSketches = measures.some((name) => SKETCHES.includes(name));
  const cells = hasSketches ? MAX_SKETCH_CELLS : MAX_CELLS;
  const edges = starts.map((startMs) => startMs / 1000);
  const cube = findQuestionCube({ ...query, filters, measures });
  // Sealed sums know no people, and no earlier moment.
  if (cube === null || isDayCube(cube) || query.asOfUs !== null) {
    requireCalls(context.projects, projectIds, range.fromUs, timeZone);
  }
  const ask = (rolled: Rolled | null) =>
    askSpend(context.clickhouse, {
      projectIds,
      ...range,
      filters,
      asOfUs: query.asOfUs,
      groupBy: query.groupBy,
      edges,
      rolled,
      limit: Math.max(1, Math.min(query.limit, Math.floor(cells / Math.max(1, starts.length)))),
      measures,
      after,
    });
  const [rows, span] = await Promise.all([
    cube === null
      ? ask(null)
      : askRolled(context.clickhouse, cube, { ...query, projectIds, ...range, edges }, ask),
    findFirstAndLastEvent(context.clickhouse, context.projects),
  ]);
  const rowOf = createRowWriter(query, context.projects, range.fromUs, timeZone);
  const restRow = rows.find((row) => row.kind === "rest");
  const totalRow = rows.find((row) => row.kind === "total");
  return {
    from: formatInstant(range.fromUs, timeZone),
    to: formatInstant(range.toUs, timeZone),
    tz: timeZone,
    interval: query.interval,
    group_by: query.groupBy,
    as_of: query.asOfUs === null ? null : formatInstant(query.asOfUs, "UTC"),
    fresh_to: context.freshness && new Date(context.freshness.freshToMs).toISOString(),
    backlog_events: context.freshness?.events ?? null,
    ...span,
    total: toFigures(totalRow ?? NO_MEASURES, query.figures),
    rows: rows.filter((row) => row.kind === "group").map(rowOf),
    rest: restRow ? toFigures(restRow, query.figures) : null,
  };
}

/** A kept row in the contract's words. An empty value is "not sent", which is null. */
function createRowWriter(
  query: SpendQuery,
  projects: readonly ReadableProject[],
  fromUs: number,
  timeZone: string,
): (row: StoredRow) => SpendAnswer["rows"][number] {
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug]));
  const labels = new Map<number, string>();
  const labelOf = (bucket: number) => {
    const label = labels.get(bucket) ?? formatInstant(bucket * 1e6, timeZone);
    labels.set(bucket, label);
    return label;
  };
  const writeValue = (dimension: string, value: string | undefined) => {
    if (!value) return null;
    if (dimension === "project") return slugs.get(value) ?? null;
    return dimension === "attempt" ? Number(value) : value;
  };
  return (row) => {
    const values = [row.group0, row.group1, row.group2];
    const groups = query.groupBy.map(
      (name, index) => [name, writeValue(name, values[index])] as const,
    );
    const isTotal = query.interval === "total";
    return {
      bucket: isTotal ? formatInstant(fromUs, timeZone) : labelOf(row.bucket),
      ...Object.fromEntries(groups),
      ...toFigures(row, query.figures),
    };
  };
}
