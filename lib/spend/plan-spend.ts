import {
  BUCKET_GRAIN,
  DAY_GRAIN,
  findCube,
  type Grain,
  grainsOf,
  HOUR_GRAIN,
  isDayCube,
  startOf,
} from "@/db/clickhouse/cubes";
import type { Filter } from "@/db/clickhouse/filters";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { type MeasureName, SKETCHES } from "@/db/clickhouse/measures";
import type { Seal } from "@/db/clickhouse/queries/list-clean-rollups";
import type { Rolled } from "@/db/clickhouse/spend-sources";

/** Ranges of calls in one statement: each is a condition of its own. */
export const MAX_RAW_RANGES = 200;
/** Rollups in one statement; a year of one project in quarters of an hour fits. */
export const MAX_GENERATIONS = 40_000;

/** Clean rollups of one grain of a project: starts in seconds since 1970, ascending, and their generations. */
export interface CleanRollups {
  project_id: string;
  grain: Grain;
  starts: readonly number[];
  generations: readonly bigint[];
  seals: readonly Seal[];
}

export interface PlannedQuestion {
  projectIds: readonly string[];
  fromUs: number;
  toUs: number;
  /** Starts of the calendar's buckets in seconds since 1970. */
  edges: readonly number[];
}

/** Neighbouring rollups without a gap: seconds since 1970, `to` excluded. */
interface Run {
  from: number;
  to: number;
  /** Its calls expired: it cannot be read raw. */
  isSealed: boolean;
  pieces: Piece[];
  /** Sealed rollups that calls came to since. */
  late: { from: number; to: number }[];
}

interface Piece {
  start: number;
  grain: Grain;
  generation: bigint;
  seal: Seal;
}

/** The cube that knows every dimension of a question; null: its calls must be read. */
export function findQuestionCube(question: {
  groupBy: readonly string[];
  filters: readonly Filter[];
  measures: readonly MeasureName[];
}): Rolled["cube"] | null {
  const dimensions = [...question.groupBy, ...question.filters.map(({ dimension }) => dimension)];
  return findCube(
    dimensions,
    question.measures.some((name) => SKETCHES.includes(name)),
  );
}

/**
 * Decides what of a question is answered from rollups and which calls are read: the largest rollups first, then
 * smaller ones, and everything between raw. Each instant of the range falls to exactly one of them. A clean rollup that is left
 * out is read raw, so a limit here costs time and never exactness.
 * @returns null where no rollup can be used.
 */
export function planSpend(
  cube: Rolled["cube"],
  question: PlannedQuestion,
  clean: readonly CleanRollups[],
): Rolled | null {
  const share = (limit: number): number =>
    Math.max(1, Math.floor(limit / Math.max(1, question.projectIds.length)));
  const pieces = new Pieces();
  const raw = new Ranges();
  const late = new Ranges();
  for (const projectId of question.projectIds) {
    const own = clean.filter((rollups) => rollups.project_id === projectId);
    const runs = longest(
      listRuns(cube, question, own),
      share(MAX_RAW_RANGES),
      share(MAX_GENERATIONS),
    );
    for (const run of runs) {
      for (const piece of run.pieces) pieces.add(piece);
      for (const range of run.late) late.add(projectId, range);
    }
    for (const gap of gapsOf(question, runs)) raw.add(projectId, gap);
  }
  const listed = pieces.list();
  if (listed.length === 0) return null;
  return { cube, pieces: listed, rawRanges: raw.list(), lateRanges: late.list() };
}

/** Rollups by grain: two projects may share a start, never a generation. */
class Pieces {
  readonly #grains = new Map<Grain, { starts: Set<number>; generations: bigint[] }>();

  add({ grain, start, generation }: Piece): void {
    const own = this.#grains.get(grain) ?? { starts: new Set(), generations: [] };
    this.#grains.set(grain, own);
    own.starts.add(start);
    own.generations.push(generation);
  }

  list(): Rolled["pieces"] {
    return [...this.#grains].map(([grain, { starts, generations }]) => ({
      grain,
      starts: [...starts],
      generations,
    }));
  }
}

/** Ranges, each once with all the projects that it is read of. */
class Ranges {
  readonly #ranges = new Map<string, Rolled["rawRanges"][number]>();

  add(projectId: string, { from, to }: { from: number; to: number }): void {
    const key = `${from}-${to}`;
    const range = this.#ranges.get(key);
    if (range) range.projectIds.push(projectId);
    else this.#ranges.set(key, { projectIds: [projectId], fromSeconds: from, toSeconds: to });
  }

  list(): Rolled["rawRanges"] {
    return [...this.#ranges.values()];
  }
}

function listRuns(
  cube: Rolled["cube"],
  question: PlannedQuestion,
  clean: readonly CleanRollups[],
): Run[] {
  const runs: Run[] = [];
  for (const piece of listPieces(cube, question, clean).sort((a, b) => a.start - b.start)) {
    const { start, grain, seal } = piece;
    const isSealed = seal !== "none";
    let run = runs.at(-1);
    if (run?.to !== start || run.isSealed !== isSealed) {
      run = { from: start, to: start, isSealed, pieces: [], late: [] };
      runs.push(run);
    }
    run.to = start + grain;
    if (seal === "late") run.late.push({ from: start, to: run.to });
    run.pieces.push(piece);
  }
  return runs;
}

/** The largest rollups that cover no instant twice. A smaller one lies in a larger one or beside it. */
function listPieces(
  cube: Rolled["cube"],
  question: PlannedQuestion,
  clean: readonly CleanRollups[],
): Piece[] {
  const pieces: Piece[] = [];
  const days = new Set<number>();
  const hours = new Set<number>();
  for (const grain of grainsOf(cube)) {
    for (const { starts, generations, seals } of clean.filter((one) => one.grain === grain)) {
      starts.forEach((start, index) => {
        if (days.has(startOf(DAY_GRAIN, start)) || hours.has(startOf(HOUR_GRAIN, start))) return;
        if (!isWhole(question, start, grain)) return;
        const seal = seals[index] ?? "none";
        // People are forgotten there. Who asks for them is refused, unless the day was sealed just now.
        if (isDayCube(cube) && seal !== "none") return;
        for (let day = start; grain >= DAY_GRAIN && day < start + grain; day += DAY_GRAIN) {
          days.add(day);
        }
        if (grain === HOUR_GRAIN) hours.add(start);
        pieces.push({ start, grain, generation: generations[index] ?? 0n, seal });
      });
    }
  }
  return pieces;
}

/** True where a rollup lies in the range and in one bucket of the calendar: then it need not be divided. */
function isWhole({ fromUs, toUs, edges }: PlannedQuestion, start: number, grain: number): boolean {
  const end = start + grain;
  if (start * 1e6 < fromUs || end * 1e6 > toUs) return false;
  let low = 0;
  let high = edges.length;
  // The first edge after the start.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  return (edges[low] ?? end) >= end;
}

/** The sealed runs, which nothing else can answer, and the longest others within both limits, in order of time. */
function longest(runs: Run[], maxRuns: number, maxGenerations: number): Run[] {
  let left = maxGenerations;
  const others = runs
    .filter((run) => !run.isSealed)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, maxRuns)
    .filter((run) => {
      if (run.pieces.length > left) return false;
      left -= run.pieces.length;
      return true;
    });
  return [...runs.filter((run) => run.isSealed), ...others].sort((a, b) => a.from - b.from);
}

function gapsOf({ fromUs, toUs }: PlannedQuestion, runs: readonly Run[]) {
  const gaps: { from: number; to: number }[] = [];
  let at = toBucket(fromUs);
  for (const { from, to } of runs) {
    if (from > at) gaps.push({ from: at, to: from });
    at = to;
  }
  const end = toBucket(toUs - 1) + BUCKET_GRAIN;
  if (end > at) gaps.push({ from: at, to: end });
  return gaps;
}
