import { BUCKET_GRAIN, DAY_GRAIN, findCube, isDayCube } from "@/db/clickhouse/cubes";
import type { Filter } from "@/db/clickhouse/filters";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { type MeasureName, SKETCHES } from "@/db/clickhouse/measures";
import type { Seal } from "@/db/clickhouse/queries/list-clean-rollups";
import type { Rolled } from "@/db/clickhouse/spend-sources";

/** Ranges of calls in one statement: each is a condition of its own. */
export const MAX_RAW_RANGES = 200;
/** Buckets and days in one statement; a year of one project in quarters of an hour fits. */
export const MAX_GENERATIONS = 40_000;

/** Clean buckets or days of a project: starts in seconds since 1970, ascending, and their generations. */
export interface CleanRollups {
  project_id: string;
  grain: typeof BUCKET_GRAIN | typeof DAY_GRAIN;
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
  generations: bigint[];
  quarters: number[];
  /** Sealed rollups that calls came to since. */
  late: { from: number; to: number }[];
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
 * Decides what of a question is answered from rollups and which calls are read: days first, then buckets, and
 * everything between raw. Each instant of the range falls to exactly one of them. A clean rollup that is left
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
  const generations: bigint[] = [];
  const quarters = new Set<number>();
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
      for (const generation of run.generations) generations.push(generation);
      for (const start of run.quarters) quarters.add(start);
      for (const range of run.late) late.add(projectId, range);
    }
    for (const gap of gapsOf(question, runs)) raw.add(projectId, gap);
  }
  if (generations.length === 0) return null;
  return {
    cube,
    generations,
    quarters: [...quarters],
    rawRanges: raw.list(),
    lateRanges: late.list(),
  };
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
  const cells: { start: number; grain: number; generation: bigint; seal: Seal }[] = [];
  const days = new Set<number>();
  for (const grain of isDayCube(cube) ? [DAY_GRAIN] : [DAY_GRAIN, BUCKET_GRAIN]) {
    for (const { starts, generations, seals } of clean.filter(
      (rollups) => rollups.grain === grain,
    )) {
      starts.forEach((start, index) => {
        const day = Math.floor(start / DAY_GRAIN) * DAY_GRAIN;
        if (days.has(day) || !isWhole(question, start, grain)) return;
        const seal = seals[index] ?? "none";
        // People are forgotten there. Who asks for them is refused, unless the day was sealed just now.
        if (isDayCube(cube) && seal !== "none") return;
        if (grain === DAY_GRAIN) days.add(day);
        cells.push({ start, grain, generation: generations[index] ?? 0n, seal });
      });
    }
  }
  const runs: Run[] = [];
  for (const { start, grain, generation, seal } of cells.sort((a, b) => a.start - b.start)) {
    const isSealed = seal !== "none";
    let run = runs.at(-1);
    if (run?.to !== start || run.isSealed !== isSealed) {
      run = { from: start, to: start, isSealed, generations: [], quarters: [], late: [] };
      runs.push(run);
    }
    run.to = start + grain;
    if (seal === "late") run.late.push({ from: start, to: run.to });
    run.generations.push(generation);
    if (grain === BUCKET_GRAIN) run.quarters.push(start);
  }
  return runs;
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
      if (run.generations.length > left) return false;
      left -= run.generations.length;
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
