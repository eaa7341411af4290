import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, DAY_GRAIN } from "@/db/clickhouse/cubes";
import { listRollupsInDay } from "@/db/clickhouse/queries/list-rollups-to-retire";
import {
  flipGenerations,
  mergeRollups,
  rebuildBuckets,
} from "@/db/clickhouse/queries/rebuild-rollups";
import {
  insertSealedCalls,
  listBucketStates,
  type ProjectDay,
} from "@/db/clickhouse/queries/seal-day";
import { SEALED } from "@/db/clickhouse/sealed-buckets";
import type { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { retireRollups } from "@/lib/rollups/retire-rollups";

export interface SealContext {
  clickhouse: ClickHouse;
  numbers: GenerationNumbers;
  now: () => number;
}

/**
 * Sums a UTC day's calls for good. The calls stay for now; every answer is the same before, between and after the steps
 * (db/clickhouse/migrations/0005 says why), and a call that comes later is counted beside the sums.
 *
 * Nothing else may rebuild or correct the project meanwhile: the caller holds both locks.
 * @param markSealed called when the sums are there and not in use yet: whoever asks what they cannot answer must be
 * refused before they answer.
 * @throws QueryFailedError; then it may be done again.
 */
export async function sealDay(
  context: SealContext,
  day: ProjectDay,
  markSealed: () => Promise<void>,
): Promise<void> {
  const { clickhouse, numbers, now } = context;
  const { projectId, dayStart } = day;
  // The changes are read before the identities: a call that is in neither then shows as a change that is not covered.
  const states = await listBucketStates(clickhouse, day);
  // A bucket that an attempt before sealed has its sums: what came since is counted beside them.
  const open = states.filter((state) => !state.is_sealed);
  const buckets = {
    projectId,
    starts: open.map(({ start }) => start),
    first: numbers.next(now()),
  };
  if (open.length > 0) {
    await insertSealedCalls(clickhouse, buckets);
    await rebuildBuckets(clickhouse, { ...buckets, isSealing: true });
  }
  const generations = [
    ...states.filter((state) => state.is_sealed).map(({ generation }) => generation),
    ...open.map((_, index) => buckets.first + BigInt(index)),
  ];
  const whole = { projectId, grain: DAY_GRAIN, starts: [dayStart], first: numbers.next(now()) };
  await mergeRollups(clickhouse, { ...whole, generations });
  // They hold people's names. Until its own sums are in use the day is read from its calls.
  await retireRollups(context, await listRollupsInDay(clickhouse, day));
  await markSealed();
  const covers = open.map(({ latest }) => (SEALED + latest).toString());
  await flipGenerations(clickhouse, { ...buckets, grain: BUCKET_GRAIN, covers });
  const sum = states.reduce(
    (total, state) => total + (state.is_sealed ? state.covered : state.latest),
    SEALED,
  );
  await flipGenerations(clickhouse, { ...whole, covers: [sum.toString()] });
}
