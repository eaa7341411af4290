import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { listNewestArrivals } from "@/db/clickhouse/queries/list-newest-arrivals";
import {
  listStaleBuckets,
  listStaleDays,
  type RebuildTimes,
  type StaleBucket,
} from "@/db/clickhouse/queries/list-stale-rollups";
import {
  flipGenerations,
  mergeDays,
  rebuildBuckets,
} from "@/db/clickhouse/queries/rebuild-rollups";
import { sumFineDays } from "@/db/clickhouse/queries/sum-fine-days";
import type { Log } from "@/lib/log";
import type { GenerationNumbers } from "@/lib/rollups/generation-numbers";

/** How many are summed by one statement: a day of buckets, a week of days. It bounds memory and a stop's wait. */
const BUCKETS_A_STATEMENT = 96;
const DAYS_A_STATEMENT = 7;
const LISTED_BUCKETS = 2_000;
const LISTED_DAYS = 56;
/**
 * A generation begun longer ago is given up: what is not current is deleted after some minutes, and a flip that late
 * could name rows that are gone.
 */
const FLIP_WITHIN_MS = 300_000;
const FAILED_AGAIN_MS = 60_000;

export interface RebuildContext {
  clickhouse: ClickHouse;
  log: Log;
  numbers: GenerationNumbers;
  now: () => number;
  /** How long after its end a bucket or day is left to late events, in ms. */
  graceMs: number;
  /** How long a bucket or day is left alone after a rebuild, in ms. */
  debounceMs: number;
  /** Asked between statements. */
  mustStop: () => boolean;
}

export interface RebuildResult {
  buckets: number;
  days: number;
  /** When something is next to be done, in ms since 1970; null: nothing until a bucket changes. */
  nextAtMs: number | null;
}

/** Rebuilds what is closed, dirty and rested: buckets from calls, then days from buckets. @throws QueryFailedError */
export async function rebuildRollups(context: RebuildContext): Promise<RebuildResult> {
  const { clickhouse } = context;
  const buckets = await rebuildGrain(context, {
    grain: BUCKET_GRAIN,
    size: BUCKETS_A_STATEMENT,
    list: (times) => listStaleBuckets(clickhouse, times, LISTED_BUCKETS),
    sum: (generation) => rebuildBuckets(clickhouse, generation),
  });
  const days = await rebuildGrain(context, {
    grain: DAY_GRAIN,
    size: DAYS_A_STATEMENT,
    list: (times) => listStaleDays(clickhouse, times, LISTED_DAYS),
    sum: async (generation, stale) => {
      // First, because every generation that has rows must have some here: they are what a later deletion looks for.
      await mergeDays(clickhouse, {
        ...generation,
        generations: stale.flatMap(({ generations }) => generations),
      });
      await sumFineDays(clickhouse, generation);
    },
  });
  const next = [buckets.nextAtMs, days.nextAtMs].filter((at) => at !== null);
  const nextAtMs = next.length === 0 ? null : Math.min(...next);
  return { buckets: buckets.done, days: days.done, nextAtMs };
}

interface Grain<Stale extends StaleBucket> {
  grain: number;
  size: number;
  list: (times: RebuildTimes) => Promise<Stale[]>;
  sum: (generation: Parameters<typeof rebuildBuckets>[1], stale: readonly Stale[]) => Promise<void>;
}

async function rebuildGrain<Stale extends StaleBucket>(
  context: RebuildContext,
  grain: Grain<Stale>,
): Promise<{ done: number; nextAtMs: number | null }> {
  const { now, graceMs, debounceMs, mustStop } = context;
  const failed = new Set<string>();
  let done = 0;
  for (;;) {
    const nowMs = now();
    // The change to be covered is read here, before any row of the bucket.
    const stale = await grain.list({
      closedByMs: nowMs - graceMs,
      rebuiltByMs: nowMs - debounceMs,
    });
    const ready = stale.filter((one) => one.is_ready && !failed.has(keyOf(one)));
    if (ready.length === 0) {
      const times = stale.map((one) =>
        failed.has(keyOf(one))
          ? nowMs + FAILED_AGAIN_MS
          : Math.max((one.start + grain.grain) * 1000 + graceMs, one.rebuilt_ms + debounceMs),
      );
      return { done, nextAtMs: times.length === 0 ? null : Math.max(nowMs, Math.min(...times)) };
    }
    for (const batch of batchesOf(ready, grain.size)) {
      if (mustStop()) return { done, nextAtMs: nowMs };
      done += await rebuildBatch(context, grain, batch, failed);
    }
  }
}

/** One statement and one flip. What fails is tried in halves, so that a bucket that cannot be summed stops no other. */
async function rebuildBatch<Stale extends StaleBucket>(
  context: RebuildContext,
  grain: Grain<Stale>,
  batch: readonly Stale[],
  failed: Set<string>,
): Promise<number> {
  const begunMs = context.now();
  const generation = {
    projectId: batch[0]?.project_id ?? "",
    starts: batch.map(({ start }) => start),
    first: context.numbers.next(begunMs),
  };
  try {
    await grain.sum(generation, batch);
    const newestUs = await listNewestArrivals(context.clickhouse, {
      ...generation,
      grain: grain.grain,
    });
    if (context.now() - begunMs > FLIP_WITHIN_MS) throw new Error("the rebuild took too long");
    const covers = batch.map(({ latest }) => latest);
    await flipGenerations(context.clickhouse, {
      ...generation,
      grain: grain.grain,
      covers,
      newestUs,
    });
    return batch.length;
  } catch (error) {
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      const first = await rebuildBatch(context, grain, batch.slice(0, middle), failed);
      return first + (await rebuildBatch(context, grain, batch.slice(middle), failed));
    }
    for (const one of batch) failed.add(keyOf(one));
    context.log.error(
      { err: error, ...generation, first: String(generation.first) },
      "a rollup could not be rebuilt",
    );
    return 0;
  }
}

/** Buckets of one project and month (a partition), ascending within a batch, newest batch first. */
function batchesOf<Stale extends StaleBucket>(stale: readonly Stale[], size: number): Stale[][] {
  const groups = new Map<string, Stale[]>();
  for (const one of stale) {
    const key = `${one.project_id} ${new Date(one.start * 1000).toISOString().slice(0, 7)}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => {
    const newestFirst = [...group].sort((a, b) => b.start - a.start);
    const count = Math.ceil(newestFirst.length / size);
    return Array.from({ length: count }, (_, index) =>
      newestFirst.slice(index * size, (index + 1) * size).reverse(),
    );
  });
}

function keyOf({ project_id, start }: StaleBucket): string {
  return `${start} ${project_id}`;
}
