import type { Bucket } from "@/components/charts/prepare-buckets";
import { findBucket } from "@/components/charts/prepare-buckets";

/** A figure per bucket, by the bucket's instant as the answer names it; null where no price is known. */
export type BucketValues = ReadonlyMap<number, bigint | null>;

export interface StackInput {
  /** The time axis (`prepareBuckets`). */
  buckets: readonly Bucket[];
  nowMs: number;
  /** Instants of the buckets in which anything at all was received, whatever the filters. */
  received: Iterable<number>;
  /** All that was asked for, by bucket. */
  totals: BucketValues;
  /** The names drawn on their own, largest first; `name` is null for untagged. */
  series: readonly { name: string | null; values: BucketValues }[];
  /** How many names there are in all; more than the drawn ones make an Other. */
  nameCount: number;
  /** A rate or a percentile does not add up: it is drawn as lines, has no Other, and of nothing there is none. */
  isRate?: boolean;
  /** The earlier time's totals by index of the bucket they are held against; absent: nothing is compared. */
  before?: ReadonlyMap<number, bigint | null> | undefined;
}

/** `missing`: nothing was received. `running`: still filling. */
export type SliceState = "complete" | "running" | "missing";

export interface Slice extends Bucket {
  state: SliceState;
  /** Null where something was received and none of it has a known price. */
  total: bigint | null;
  /** One value per layer, in the order of `layers`. */
  values: (bigint | null)[];
  /** The comparison's total; null where it is not known or nothing is compared. */
  before: bigint | null;
}

export interface Layer {
  kind: "name" | "other";
  name: string | null;
}

export interface StackModel {
  /** Bars under eight buckets with data, or where a bucket stands alone: an area of one point cannot be seen. */
  mark: "area" | "bars" | "lines";
  hasComparison: boolean;
  layers: Layer[];
  slices: Slice[];
  /** Runs of missing buckets, as first and last index. */
  gaps: { first: number; last: number }[];
  /** Largest value drawn, at least 0; the axis begins at 0. */
  max: bigint;
}

const MIN_AREA_BUCKETS = 8;

/**
 * Decides what a stacked chart shows. Other is the total minus the named series, on integers, so that
 * the layers of a bucket add up to its total to the last digit. A bucket in which nothing was received
 * is a gap; a name that spent nothing in a received bucket is a real zero.
 */
export function prepareStack(input: StackInput): StackModel {
  const { buckets, series, isRate = false } = input;
  const hasOther = !isRate && input.nameCount > series.length;
  const layers: Layer[] = series.map(({ name }) => ({ kind: "name", name }));
  if (hasOther) layers.push({ kind: "other", name: null });

  const received = new Set<number>();
  for (const instantMs of input.received) received.add(findBucket(buckets, instantMs));
  const totals = placeValues(buckets, input.totals);
  const placed = series.map(({ values }) => placeValues(buckets, values));

  const slices = buckets.map((bucket, index): Slice => {
    const hasData = received.has(index) || totals.has(index);
    // Nothing spent is $0; nothing asked has no latency.
    const nothing = hasData && !isRate ? 0n : null;
    const total = valueAt(totals, index, nothing);
    const named = placed.map((values) => valueAt(values, index, nothing));
    const values = hasOther ? [...named, otherOf(total, named)] : named;
    const before = input.before?.get(index) ?? null;
    return { ...bucket, state: stateOf(bucket, hasData, input.nowMs), total, values, before };
  });
  return {
    mark: isRate ? "lines" : chooseMark(slices),
    hasComparison: input.before !== undefined,
    layers,
    slices,
    gaps: findGaps(slices),
    max: largest(slices, isRate),
  };
}

/** Lines stand beside each other, layers on each other: of these the total is the highest. */
function largest(slices: readonly Slice[], isRate: boolean): bigint {
  return slices
    .flatMap(({ total, before, values }) => [total, before, ...(isRate ? values : [])])
    .reduce<bigint>((max, value) => (value !== null && value > max ? value : max), 0n);
}

function placeValues(buckets: readonly Bucket[], values: BucketValues): Map<number, bigint | null> {
  const placed = new Map<number, bigint | null>();
  for (const [instantMs, value] of values) {
    const index = findBucket(buckets, instantMs);
    if (index >= 0) placed.set(index, addKnown(placed.get(index) ?? null, value));
  }
  return placed;
}

/** Adds what is known; null only where nothing is. */
function addKnown(one: bigint | null, two: bigint | null): bigint | null {
  if (one === null) return two;
  return two === null ? one : one + two;
}

function valueAt(
  values: ReadonlyMap<number, bigint | null>,
  index: number,
  nothing: bigint | null,
): bigint | null {
  return values.has(index) ? (values.get(index) ?? null) : nothing;
}

/**
 * What the named series leave of the total. Never below 0: two answers asked a moment apart may differ
 * by the events between them, and the next refresh evens it out.
 */
function otherOf(total: bigint | null, named: readonly (bigint | null)[]): bigint | null {
  if (total === null) return null;
  const rest = named.reduce<bigint>((left, value) => left - (value ?? 0n), total);
  return rest > 0n ? rest : 0n;
}

function stateOf(bucket: Bucket, hasData: boolean, nowMs: number): SliceState {
  const isRunning = bucket.startMs <= nowMs && nowMs < bucket.endMs;
  // A running bucket without data is not missing yet.
  if (isRunning) return "running";
  return hasData ? "complete" : "missing";
}

function chooseMark(slices: readonly Slice[]): StackModel["mark"] {
  const isDrawn = (index: number) => {
    const slice = slices[index];
    return slice !== undefined && slice.state !== "missing";
  };
  if (slices.filter((_, index) => isDrawn(index)).length < MIN_AREA_BUCKETS) return "bars";
  const standsAlone = slices.some(
    (_, index) => isDrawn(index) && !isDrawn(index - 1) && !isDrawn(index + 1),
  );
  return standsAlone ? "bars" : "area";
}

function findGaps(slices: readonly Slice[]): StackModel["gaps"] {
  const gaps: StackModel["gaps"] = [];
  for (const [index, slice] of slices.entries()) {
    if (slice.state !== "missing") continue;
    const last = gaps.at(-1);
    if (last && last.last === index - 1) last.last = index;
    else gaps.push({ first: index, last: index });
  }
  return gaps;
}
