import type { ClickHouse } from "@/db/clickhouse/client";
import {
  BLOCK_GRAINS,
  BUCKET_GRAIN,
  DAY_GRAIN,
  type Grain,
  HOUR_GRAIN,
  startOf,
} from "@/db/clickhouse/cubes";
import { listNewestArrivals } from "@/db/clickhouse/queries/list-newest-arrivals";
import { listHoursToRetire } from "@/db/clickhouse/queries/list-rollups-to-retire";
import {
  listStaleBlocks,
  listStaleBuckets,
  listStaleDays,
  listStaleHours,
  type RebuildTimes,
  type StaleBlock,
  type StaleBucket,
  type StaleMerge,
} from "@/db/clickhouse/queries/list-stale-rollups";
import { mergeFineDays } from "@/db/clickhouse/queries/merge-fine-days";
import {
  flipGenerations,
  type Generation,
  mergeRollups,
  rebuildBuckets,
} from "@/db/clickhouse/queries/rebuild-rollups";
import { sumFineDays } from "@/db/clickhouse/queries/sum-fine-days";
import type { Log } from "@/lib/log";
import type { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { retireRollups } from "@/lib/rollups/retire-rollups";

/** How many are summed by one statement: a day of buckets, a week of days. It bounds memory and a stop's wait. */
const BUCKETS_A_STATEMENT = 96;
const DAYS_A_STATEMENT = 7;
const HOURS_A_STATEMENT = 24;
const BLOCKS_A_STATEMENT = 1;
const LISTED_BUCKETS = 2_000;
const LISTED_DAYS = 56;
const LISTED_HOURS = 200;
const LISTED_BLOCKS = 56;
/** Blocks wait for their days to rest so many times as long as a day for its buckets. */
const BLOCK_DEBOUNCE = 3;
/** And not longer than so many times that. */
const BLOCK_PATIENCE = 10;
/** Hours of older days are not begun: whoever sends those sends whole days. */
const HOURS_SINCE_MS = 86_400_000;
/** Late events come in the hours after midnight mostly; while the day is rebuilt for them its other hours answer. */
const HOURS_KEPT_MS = 43_200_000;
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
  /** How long after its end a rollup is left to late events, in ms. */
  graceMs: number;
  /** How long a rollup is left alone after a rebuild, in ms. */
  debounceMs: number;
  /** Asked between statements. */
  mustStop: () => boolean;
}

export interface RebuildResult {
  buckets: number;
  days: number;
  hours: number;
  blocks: number;
  /** When something is next to be done, in ms since 1970; null: nothing until a bucket changes. */
  nextAtMs: number | null;
}

/**
 * Rebuilds what is closed, dirty and rested: buckets from calls, then days, hours of days that are not over yet, and
 * blocks from days.
 * @throws QueryFailedError
 */
export async function rebuildRollups(context: RebuildContext): Promise<RebuildResult> {
  const { clickhouse, now } = context;
  const sum = (generation: Generation & { grain: Grain }, stale: readonly StaleMerge[]) =>
    sumSpan(clickhouse, generation, stale);
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
    sum,
  });
  // After the days: of a day that became clean just now no hour is begun.
  const since = startOf(DAY_GRAIN, (now() - HOURS_SINCE_MS) / 1000);
  const hours = await rebuildGrain(context, {
    grain: HOUR_GRAIN,
    size: HOURS_A_STATEMENT,
    list: (times) => listStaleHours(clickhouse, times, since, LISTED_HOURS),
    sum,
  });
  const endedBy = startOf(DAY_GRAIN, (now() - HOURS_KEPT_MS) / 1000);
  await retireRollups(context, await listHoursToRetire(clickhouse, endedBy));
  const blocks = [];
  for (const grain of BLOCK_GRAINS) blocks.push(await rebuildBlocks(context, grain));
  const next = [buckets, days, hours, ...blocks].flatMap(({ nextAtMs }) => nextAtMs ?? []);
  const nextAtMs = next.length === 0 ? null : Math.min(...next);
  return {
    buckets: buckets.done,
    days: days.done,
    hours: hours.done,
    blocks: blocks.reduce((sum, { done }) => sum + done, 0),
    nextAtMs,
  };
}

function rebuildBlocks(context: RebuildContext, grain: (typeof BLOCK_GRAINS)[number]) {
  const { clickhouse, debounceMs } = context;
  const restMs = debounceMs * BLOCK_DEBOUNCE;
  const patienceMs = restMs * (BLOCK_PATIENCE - 1);
  return rebuildGrain<StaleBlock>(context, {
    grain,
    size: BLOCKS_A_STATEMENT,
    restMs,
    list: (times) => listStaleBlocks(clickhouse, grain, { ...times, patienceMs }, LISTED_BLOCKS),
    sum: async (generation, stale) => {
      const generations = stale.flatMap((one) => one.generations);
      await mergeRollups(clickhouse, { ...generation, generations });
      await mergeFineDays(clickhouse, { ...generation, generations });
    },
    // What its days sum, not what came since.
    newestUs: (_, stale) => Promise.resolve(stale.map(({ newest_us }) => newest_us)),
  });
}

async function sumSpan(
  clickhouse: ClickHouse,
  generation: Generation & { grain: Grain },
  stale: readonly StaleMerge[],
): Promise<void> {
  const generations = stale.flatMap((one) => one.generations);
  // First, because every generation that has rows must have some here: they are what a later deletion looks for.
  await mergeRollups(clickhouse, { ...generation, generations });
  await sumFineDays(clickhouse, generation);
}

interface GrainWork<Stale extends StaleBucket> {
  grain: Grain;
  size: number;
  list: (times: RebuildTimes) => Promise<Stale[]>;
  sum: (generation: Generation & { grain: Grain }, stale: readonly Stale[]) => Promise<void>;
  /** How long it is left alone after a rebuild, in ms; else as long as `debounceMs` says. */
  restMs?: number;
  /** The newest of what was summed; else as the calls say. */
  newestUs?: (generation: Generation, stale: readonly Stale[]) => Promise<string[]>;
}

async function rebuildGrain<Stale extends StaleBucket>(
  context: RebuildContext,
  grain: GrainWork<Stale>,
): Promise<{ done: number; nextAtMs: number | null }> {
  const { now, graceMs, mustStop } = context;
  const restMs = grain.restMs ?? context.debounceMs;
  const failed = new Set<string>();
  let done = 0;
  for (;;) {
    const nowMs = now();
    // The change to be covered is read here, before any row of the bucket.
    const stale = await grain.list({
      closedByMs: nowMs - graceMs,
      rebuiltByMs: nowMs - restMs,
    });
    const ready = stale.filter((one) => one.is_ready && !failed.has(keyOf(one)));
    if (ready.length === 0) {
      const times = stale.map((one) =>
        failed.has(keyOf(one))
          ? nowMs + FAILED_AGAIN_MS
          : Math.max((one.start + grain.grain) * 1000 + graceMs, one.rebuilt_ms + restMs),
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
  grain: GrainWork<Stale>,
  batch: readonly Stale[],
  failed: Set<string>,
): Promise<number> {
  const begunMs = context.now();
  const generation = {
    projectId: batch[0]?.project_id ?? "",
    starts: batch.map(({ start }) => start),
    first: context.numbers.next(begunMs),
    grain: grain.grain,
  };
  try {
    await grain.sum(generation, batch);
    const newestUs = grain.newestUs
      ? await grain.newestUs(generation, batch)
      : await listNewestArrivals(context.clickhouse, generation);
    if (context.now() - begunMs > FLIP_WITHIN_MS) throw new Error("the rebuild took too long");
    const covers = batch.map(({ latest }) => latest);
    await flipGenerations(context.clickhouse, { ...generation, covers, newestUs });
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
