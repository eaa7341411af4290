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
import {
  absolute,
  addUp,
  type CallsCell,
  type Cell,
  largest,
  type RollupCell,
  readUsd,
  type Sums,
  spread,
  toSums,
} from "@/lib/integrity/day-sums";
import { type FemtoUsd, USD_FRACTION_DIGITS } from "@/lib/money";

/** The calls and the rollups of one UTC day, as they were read. */
export interface RolledSources {
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
}

/** A rollup whose cubes do not agree with the calls. */
export interface RollupFault {
  kind: "rollup";
  grain: Grain;
  start: number;
  cubes: string[];
}

/**
 * Holds the calls of a day against its rollups, cube by cube.
 * @param total the sums of its calls
 */
export function compareRollups(sources: RolledSources, total: Sums) {
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
function compareBlocks(sources: RolledSources) {
  const faults: RollupFault[] = [];
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
function compareSpans(sources: RolledSources, grain: Grain, starts: readonly number[]) {
  const faults: RollupFault[] = [];
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
function sumRollups(sources: RolledSources, total: Sums): Sums | null {
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
