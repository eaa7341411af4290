import type { CounterRow } from "@/db/queries/integrity-counters";
import {
  compareRollups,
  type RolledSources,
  type RollupFault,
} from "@/lib/integrity/compare-rollups";
import { addUp, largest, readUsd, type Sums, spread, toSums } from "@/lib/integrity/day-sums";
import type { FemtoUsd } from "@/lib/money";

/** One thing that does not agree with the calls. */
export type Fault =
  | RollupFault
  | { kind: "counter"; row: CounterRow; sums: Sums }
  /** Calls, and no counter at all: they came before there were counters. Nothing to compare, so no difference. */
  | { kind: "uncounted"; bucket: number; sums: Sums };

export interface DayComparison {
  calls: Sums & { llmCalls: number };
  /** Null where a bucket with calls has no clean rollup: nothing to compare, which is not zero. */
  rollups: Sums | null;
  /** Null where the day has no counter. */
  counters: Sums | null;
  faults: Fault[];
  /**
   * The largest difference between any two of the sources, added up over the buckets: an error of one bucket does not
   * hide that of another. 0 with faults where only counts differ.
   */
  difference: FemtoUsd;
}

/** The three sources of one UTC day, as they were read. */
export interface DaySources extends RolledSources {
  counters: readonly CounterRow[];
}

/** Holds the calls of a day against its rollups, cube by cube and bucket by bucket, and against its counters. */
export function compareDay(sources: DaySources): DayComparison {
  const calls = new Map<number, Sums>();
  for (const cell of sources.calls) {
    const known = calls.get(cell.start);
    const own = toSums(cell, cell.events);
    calls.set(cell.start, known ? addUp([known, own]) : own);
  }
  const total = addUp([...calls.values()]);
  const llmCalls = sources.calls.reduce((sum, cell) => sum + cell.calls, 0);
  const rolled = compareRollups(sources, total);
  const counted = compareCounters(sources, calls);
  const bySource = new Map<number, FemtoUsd[]>();
  const note = (start: number, cost: FemtoUsd) => {
    const known = bySource.get(start) ?? [calls.get(start)?.cost ?? 0n];
    bySource.set(start, [...known, cost]);
  };
  for (const { start, cost } of rolled.bucketCosts) note(start, cost);
  for (const row of sources.counters) note(row.bucket, readUsd(row.costUsd));
  const ofBuckets = [...bySource.values()].reduce((sum, costs) => sum + spread(costs), 0n);
  const ofDay = spread([total.cost, ...rolled.dayCosts]);
  return {
    calls: { ...total, llmCalls },
    rollups: rolled.sums,
    counters: counted.sums,
    faults: [...rolled.faults, ...counted.faults],
    // One wrong row shows in its bucket and again in the day that was merged from it.
    difference: largest([ofBuckets, rolled.ofHours, ofDay, rolled.ofBlocks]),
  };
}

function compareCounters(sources: DaySources, calls: ReadonlyMap<number, Sums>) {
  const faults: Fault[] = [];
  const counted = new Set(sources.counters.map(({ bucket }) => bucket));
  for (const row of sources.counters) {
    const sums = calls.get(row.bucket) ?? { events: 0, cost: 0n, unknownCosts: 0 };
    const own = ofCounter(row);
    const isEqual =
      own.events === sums.events &&
      own.cost === sums.cost &&
      own.unknownCosts === sums.unknownCosts;
    if (!isEqual) faults.push({ kind: "counter", row, sums });
  }
  for (const [bucket, sums] of calls) {
    if (!counted.has(bucket)) faults.push({ kind: "uncounted", bucket, sums });
  }
  const sums = sources.counters.length === 0 ? null : addUp(sources.counters.map(ofCounter));
  return { faults, sums };
}

function ofCounter(row: CounterRow): Sums {
  return { events: row.events, cost: readUsd(row.costUsd), unknownCosts: row.unknownCosts };
}
