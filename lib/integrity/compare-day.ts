import {
  BUCKET_GRAIN,
  CUBE_NAMES,
  DAY_GRAIN,
  type Grain,
  HOUR_GRAIN,
  isBlock,
  startOf,
} from "@/db/clickhouse/cubes";
import {
  COMPARED_DAY_CUBES,
  IS_KEPT_OF_SESSIONS,
  WHOLE_DAY_CUBES,
} from "@/db/clickhouse/queries/sum-days";
import type { CounterRow } from "@/db/queries/integrity-counters";
import { type FemtoUsd, parseUsd, USD_FRACTION_DIGITS } from "@/lib/money";

/** What one source says of a bucket or a day. */
export interface Sums {
  /** Events of all types; of a rollup its LLM calls, which is all it counts. */
  events: number;
  /** Sum of the known costs. */
  cost: FemtoUsd;
  unknownCosts: number;
}

/** A bucket or day as rows of a query say it: `measures` are all compared figures as text, in one order. */
export interface Cell {
  start: number;
  cost_usd: string;
  unknown_costs: number;
  calls: number;
  measures: readonly string[];
}
/** Calls of one bucket that are of a session, or that are of none. */
export type CallsCell = Cell & { events: number; is_of_session: boolean };
export type RollupCell = Cell & {
  cube: (typeof COMPARED_DAY_CUBES)[number];
  grain: Grain;
};

/** One thing that does not agree with the calls. */
export type Fault =
  | { kind: "rollup"; grain: Grain; start: number; cubes: string[] }
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
export interface DaySources {
  day: number;
  calls: readonly CallsCell[];
  /** Buckets whose rollup covers their last change. */
  cleanBuckets: readonly number[];
  /** The same of hours. */
  cleanHours: readonly number[];
  /** The day's own rollup covers all changes. */
  isDayClean: boolean;
  /** Clean blocks whose first day with calls this is, and the starts of all their days. */
  cleanBlocks: readonly { grain: Grain; start: number; days: readonly number[] }[];
  /** Of the day and its buckets, of those blocks and all their days. */
  rollups: readonly RollupCell[];
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

function compareRollups(sources: DaySources, total: Sums) {
  const ofBuckets = compareSpans(sources, BUCKET_GRAIN, sources.cleanBuckets);
  const ofHours = compareSpans(sources, HOUR_GRAIN, sources.cleanHours);
  const ofDay = compareSpans(sources, DAY_GRAIN, sources.isDayClean ? [sources.day] : []);
  const hours = ofHours.spans.map(({ callsCost, costs }) => spread([callsCost, ...costs]));
  const ofBlocks = compareBlocks(sources);
  return {
    faults: [...ofBuckets.faults, ...ofHours.faults, ...ofDay.faults, ...ofBlocks.faults],
    ofBlocks: largest(ofBlocks.sizes),
    bucketCosts: ofBuckets.spans.flatMap(({ start, costs }) =>
      costs.map((cost) => ({ start, cost })),
    ),
    ofHours: hours.reduce((sum, size) => sum + size, 0n),
    dayCosts: ofDay.spans.flatMap(({ costs }) => costs),
    sums: sumRollups(sources, total),
  };
}

/** Blocks against the days they were merged from, which are held against the calls themselves. */
function compareBlocks(sources: DaySources) {
  const faults: Fault[] = [];
  const sizes = sources.cleanBlocks.map(({ grain, start, days }) => {
    const pairs = cubesOf(sources.rollups, grain, start).map(({ cube, cell }) => ({
      cube,
      cells: [cell],
      parts: days.map(
        (day) => cubesOf(sources.rollups, DAY_GRAIN, day).find((own) => own.cube === cube)?.cell,
      ),
    }));
    const wrong = pairs.filter(
      ({ cells, parts }) => !isSame(addMeasures(cells), addMeasures(parts)),
    );
    if (wrong.length > 0) {
      faults.push({ kind: "rollup", grain, start, cubes: wrong.map(({ cube }) => cube) });
    }
    return largest(wrong.map(({ cells, parts }) => absolute(sumCosts(cells) - sumCosts(parts))));
  });
  return { faults, sizes };
}

function sumCosts(cells: readonly (Cell | undefined)[]): FemtoUsd {
  return cells.reduce((sum, cell) => sum + readUsd(cell?.cost_usd ?? "0"), 0n);
}

/** Rollups of one grain against the calls of the same span, cube by cube. */
function compareSpans(sources: DaySources, grain: Grain, starts: readonly number[]) {
  const faults: Fault[] = [];
  const spans = starts.map((start) => {
    const calls = sources.calls.filter((cell) => startOf(grain, cell.start) === start);
    const ofSessions = calls.filter((cell) => cell.is_of_session);
    const expected = { all: addMeasures(calls), session: keptOfSessions(addMeasures(ofSessions)) };
    const cells = cubesOf(sources.rollups, grain, start);
    const wrong = cells.filter(({ cube, cell }) => {
      const sums = cube === "session" ? expected.session : expected.all;
      return !isSame(addMeasures([cell]), sums);
    });
    if (wrong.length > 0) {
      faults.push({ kind: "rollup", grain, start, cubes: wrong.map(({ cube }) => cube) });
    }
    const callsCost = sumCosts(calls);
    // Calls of no session are added to what the sessions say, so that it is held against the same sum as the others.
    const ofNone = callsCost - sumCosts(ofSessions);
    const costs = cells.map(
      ({ cube, cell }) => readUsd(cell?.cost_usd ?? "0") + (cube === "session" ? ofNone : 0n),
    );
    return { start, callsCost, costs };
  });
  return { faults, spans };
}

function keptOfSessions(measures: readonly bigint[]): bigint[] {
  return measures.map((sum, i) => (IS_KEPT_OF_SESSIONS[i] ? sum : 0n));
}

/** What the rollups of the whole day say; of the cubes the one that is furthest off. */
function sumRollups(sources: DaySources, total: Sums): Sums | null {
  const clean = new Set(sources.cleanBuckets);
  const isWhole = sources.calls.every(({ start }) => clean.has(start));
  if (!sources.isDayClean && !isWhole) return null;
  const grain = sources.isDayClean ? DAY_GRAIN : BUCKET_GRAIN;
  const isOwn = ({ start }: Cell) => startOf(DAY_GRAIN, start) === sources.day;
  const whole = cubesAt(grain).filter((cube) => cube !== "session");
  const sums = whole.map((cube) => {
    const cells = sources.rollups.filter(
      (cell) => cell.grain === grain && cell.cube === cube && isOwn(cell),
    );
    return addUp(cells.map((cell) => toSums(cell, cell.calls)));
  });
  const off = (one: Sums) => absolute(one.cost - total.cost);
  return sums.reduce((worst, one) => (off(one) > off(worst) ? one : worst));
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

/** Each cube's cell; undefined where it has no rows, as for a bucket all of whose calls were voided. */
function cubesOf(cells: readonly RollupCell[], grain: Grain, start: number) {
  const own = cells.filter((cell) => cell.grain === grain && cell.start === start);
  return cubesAt(grain).map((cube) => ({ cube, cell: own.find((cell) => cell.cube === cube) }));
}

function cubesAt(grain: Grain): readonly RollupCell["cube"][] {
  if (grain === BUCKET_GRAIN) return CUBE_NAMES;
  return isBlock(grain) ? WHOLE_DAY_CUBES : COMPARED_DAY_CUBES;
}

/** No rows and rows that are all zero say the same. */
function isSame(one: readonly bigint[], other: readonly bigint[]): boolean {
  const length = Math.max(one.length, other.length);
  for (let i = 0; i < length; i++) if ((one[i] ?? 0n) !== (other[i] ?? 0n)) return false;
  return true;
}

function addMeasures(cells: readonly (Cell | undefined)[]): bigint[] {
  const sums: bigint[] = [];
  for (const cell of cells) {
    cell?.measures.forEach((text, i) => {
      sums[i] = (sums[i] ?? 0n) + readMeasure(text);
    });
  }
  return sums;
}

/** Counts and dollars on one scale of 1e-15; sums of tokens have more digits than any sum of money. */
function readMeasure(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(USD_FRACTION_DIGITS, "0"));
}

function toSums(cell: Cell, events: number): Sums {
  return { events, cost: readUsd(cell.cost_usd), unknownCosts: cell.unknown_costs };
}

function ofCounter(row: CounterRow): Sums {
  return { events: row.events, cost: readUsd(row.costUsd), unknownCosts: row.unknownCosts };
}

function addUp(sums: readonly Sums[]): Sums {
  return sums.reduce(
    (total, one) => ({
      events: total.events + one.events,
      cost: total.cost + one.cost,
      unknownCosts: total.unknownCosts + one.unknownCosts,
    }),
    { events: 0, cost: 0n, unknownCosts: 0 },
  );
}

function spread(costs: readonly FemtoUsd[]): FemtoUsd {
  let [least, most] = [costs[0] ?? 0n, costs[0] ?? 0n];
  for (const cost of costs) {
    if (cost < least) least = cost;
    if (cost > most) most = cost;
  }
  return most - least;
}

function largest(values: readonly FemtoUsd[]): FemtoUsd {
  let most = 0n;
  for (const value of values) if (value > most) most = value;
  return most;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function readUsd(text: string): FemtoUsd {
  const value = parseUsd(text);
  // A sum that cannot be read is no sum of 0: the run fails, and says so.
  if (value === null) throw new RangeError(`not a plain decimal: ${text}`);
  return value;
}
