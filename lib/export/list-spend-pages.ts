import type { GroupPlace } from "@/db/clickhouse/queries/sum-spend";
import { sealedBeforeUs } from "@/lib/calls/expired-before";
import { resolveRange } from "@/lib/calls/resolve-range";
import { OutlayError } from "@/lib/errors";
import { toFemto } from "@/lib/export/to-femto";
import { listSpendBuckets } from "@/lib/spend/list-spend-buckets";
import { snapToSealed } from "@/lib/spend/sealed-range";
import type { SpendAnswer, SpendQuery } from "@/lib/spend/spend-schemas";
import { type SpendContext, sumSpend } from "@/lib/spend/sum-spend";

/** Groups times buckets that are held at once: a few MB. More of them mean fewer statements and more memory. */
const PAGE_CELLS = 5_000;

/** What a file of spend takes. */
export interface SpendExportContext extends SpendContext {
  /** What a file of several pages is of, as `chooseMoment` tells it; microseconds since 1970. */
  momentUs: number;
}

type SpendRow = SpendAnswer["rows"][number];

/** A part of an export, and the moment that it is of (RFC 3339; null: when it was asked). */
export interface SpendPage {
  rows: SpendRow[];
  from: string;
  to: string;
  tz: string;
  asOf: string | null;
}

/**
 * Every group of a question, page by page; only one page is held. What one statement answers is that statement's
 * answer, in its order. More is read at one moment, which no event or correction after it changes: bucket by bucket, in
 * each the dearest first. All rows together are the question's total, to the last digit, or it throws.
 * @param query its `limit` is not asked; its figures have the cost among them
 * @param pageCells groups times buckets of a page
 */
export async function* listSpendPages(
  context: SpendExportContext,
  query: SpendQuery,
  pageCells = PAGE_CELLS,
): AsyncGenerator<SpendPage, void, void> {
  // Now moves on while pages are read; the question does not.
  const range = snapToSealed(context.projects, resolveRange(query, context.nowMs));
  const fixed = { ...query, ...range, limit: pageCells };
  const whole = await sumSpend(context, fixed);
  const { from, to, tz } = whole;
  if (whole.rest === null) {
    yield { rows: whole.rows, from, to, tz, asOf: whole.as_of };
    return;
  }
  for await (const { rows, as_of } of listBucketPages(context, fixed, tz)) {
    yield { rows, from, to, tz, asOf: as_of };
  }
}

type FixedQuery = SpendQuery & { fromUs: number; toUs: number };

/** As many buckets at once as one page holds with all their groups; where one bucket is too much, group by group. */
async function* listBucketPages(
  context: SpendExportContext,
  query: FixedQuery,
  timeZone: string,
): AsyncGenerator<SpendAnswer, void, void> {
  const starts = listSpendBuckets(query.interval, query, timeZone);
  const pageCells = query.limit;
  const edges = [query.fromUs, ...starts.slice(1).map((startMs) => startMs * 1000)];
  const tie = createTie(context, query);
  let size = edges.length;
  for (let index = 0; index < edges.length; ) {
    const part = tie.hold({
      ...query,
      fromUs: edges[index] ?? query.fromUs,
      toUs: edges[index + size] ?? query.toUs,
      limit: Math.max(1, Math.floor(pageCells / size)),
    });
    const answer = await sumSpend(context, part);
    if (answer.rest !== null && size > 1) {
      size = Math.ceil(size / 2);
      continue;
    }
    const pages =
      answer.rest === null ? [sortBuckets(answer)] : listGroupPages(context, part, answer);
    for await (const page of pages) {
      tie.add(page.rows);
      yield page;
    }
    index += size;
    size = Math.min(size * 2, edges.length - index);
  }
  await tie.check();
}

/** All groups of one bucket, dearest first. @param first the first page */
async function* listGroupPages(
  context: SpendExportContext,
  query: FixedQuery,
  first: SpendAnswer,
): AsyncGenerator<SpendAnswer, void, void> {
  const ids = new Map(context.projects.map(({ id, slug }) => [slug, id]));
  let sum = 0n;
  let page = first;
  for (let last = page.rows.at(-1); last !== undefined; last = page.rows.at(-1)) {
    sum += sumCosts(page.rows);
    yield page;
    if (page.rows.length < query.limit) break;
    page = await sumSpend(context, query, toPlace(last, query, ids));
  }
  requireTie(sum, first.total.cost_usd);
}

function toPlace(
  row: SpendRow,
  { groupBy }: SpendQuery,
  projectIds: ReadonlyMap<string, string>,
): GroupPlace {
  const names = groupBy.map((name) => {
    const value = String(row[name] ?? "");
    return name === "project" ? (projectIds.get(value) ?? "") : value;
  });
  return { costUsd: row.cost_usd ?? "0", names };
}

/** The buckets of an answer in their order, in each the dearest first: so they come in one order whatever fits a page. */
function sortBuckets(answer: SpendAnswer): SpendAnswer {
  const rows = answer.rows.map((row) => ({ row, cost: toFemto(row.cost_usd ?? "0") }));
  const places = new Map<string, number>();
  for (const { bucket } of answer.rows) places.set(bucket, places.get(bucket) ?? places.size);
  const placeOf = ({ bucket }: SpendRow) => places.get(bucket) ?? -1;
  rows.sort(
    (one, two) =>
      placeOf(one.row) - placeOf(two.row) ||
      (one.cost === two.cost ? 0 : one.cost > two.cost ? -1 : 1),
  );
  return { ...answer, rows: rows.map(({ row }) => row) };
}

/** Holds one moment over all parts, and at the end their sum against the question's own total at that moment. */
function createTie(context: SpendExportContext, query: FixedQuery) {
  const sealedUs = sealedBeforeUs(context.projects);
  const momentUs = query.asOfUs ?? context.momentUs;
  // Of expired calls only the newest sums are there: they know no earlier moment.
  const isHeld = (part: FixedQuery) => part.asOfUs !== null || part.fromUs >= sealedUs;
  let sum = 0n;
  return {
    hold: (part: FixedQuery): FixedQuery => (isHeld(part) ? { ...part, asOfUs: momentUs } : part),
    add: (rows: readonly SpendRow[]) => {
      sum += sumCosts(rows);
    },
    check: async () => {
      if (!isHeld(query)) return;
      const question = { ...query, asOfUs: momentUs, interval: "total" as const, groupBy: [] };
      const { total } = await sumSpend(context, { ...question, figures: ["cost_usd"] });
      requireTie(sum, total.cost_usd);
    },
  };
}

function sumCosts(rows: readonly SpendRow[]): bigint {
  return rows.reduce((sum, row) => sum + toFemto(row.cost_usd ?? "0"), 0n);
}

function requireTie(sum: bigint, totalUsd: string | null | undefined): void {
  if (sum === toFemto(totalUsd ?? "0")) return;
  throw new OutlayError("unavailable", "The figures changed while they were exported. Try again.");
}
