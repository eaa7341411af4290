import { divideHalfEven } from "@/lib/money";

/** What was spent in one step of the period, in the measure's own integer; null: not known. */
export type SpentBySteps = ReadonlyMap<number, bigint | null>;

export interface BurnDownInput {
  /** The period, ms since 1970, `toMs` excluded. */
  fromMs: number;
  toMs: number;
  nowMs: number;
  /** Starts of the period's steps, ascending, the first at or before `fromMs`. */
  starts: readonly number[];
  spent: SpentBySteps;
  limit: bigint;
  /** What the period will come to; null: it cannot be said, or the period is over. */
  forecast: bigint | null;
}

/** One step of a period: a row of the table. */
export interface BurnDownStep {
  startMs: number;
  endMs: number;
  state: "complete" | "running" | "future";
  /** Null: not known, or yet to come. */
  spent: bigint | null;
  /** From the period's start to this step's end (or to now); null: yet to come. */
  soFar: bigint | null;
  /** The straight line to the limit, at the same instant. */
  ideal: bigint;
}

/** A corner of the drawing. */
export interface BurnDownPoint {
  atMs: number;
  spent: bigint | null;
  running: bigint | null;
  ideal: bigint;
  forecast: bigint | null;
}

export interface BurnDown {
  steps: BurnDownStep[];
  points: BurnDownPoint[];
  total: bigint;
  /** Steps of which not everything is known: the sum is at least so much. */
  unknownSteps: number;
  /** The end of the step in which the limit was reached; null: it was not. */
  reachedMs: number | null;
  /** The largest value drawn. */
  max: bigint;
}

/**
 * What was spent of a limit by and by, against the straight line that ends at the limit. Sums are whole numbers, so
 * that the last step's sum is the answer's total to the last digit; a step without events spent nothing.
 */
export function prepareBurnDown(input: BurnDownInput): BurnDown {
  const { fromMs, nowMs, limit, forecast } = input;
  const steps = listSteps(input);
  const points: BurnDownPoint[] = [
    { atMs: fromMs, spent: 0n, running: null, ideal: 0n, forecast: null },
  ];
  for (const step of steps) {
    const isRunning = step.state === "running";
    const previous = points.at(-1);
    // The dashed end begins where the solid line ends.
    if (isRunning && previous) previous.running = previous.spent;
    points.push({
      atMs: isRunning ? nowMs : step.endMs,
      spent: step.state === "complete" ? step.soFar : null,
      running: isRunning ? step.soFar : null,
      ideal: idealAt(input, isRunning ? nowMs : step.endMs),
      forecast: isRunning && forecast !== null ? step.soFar : null,
    });
  }
  endForecast(points, input);
  const known = steps.flatMap(({ soFar }) => (soFar === null ? [] : [soFar]));
  const total = known.at(-1) ?? 0n;
  const reached =
    limit > 0n ? steps.find(({ soFar }) => soFar !== null && soFar >= limit) : steps[0];
  return {
    steps,
    points,
    total,
    unknownSteps: steps.filter(({ state, spent }) => state !== "future" && spent === null).length,
    reachedMs: reached && reached.soFar !== null ? Math.min(reached.endMs, nowMs) : null,
    max: [...known, limit, forecast ?? 0n].reduce((max, value) => (value > max ? value : max), 0n),
  };
}

function listSteps(input: BurnDownInput): BurnDownStep[] {
  const { fromMs, toMs, nowMs, starts, spent } = input;
  let soFar = 0n;
  return starts.map((start, index): BurnDownStep => {
    const startMs = Math.max(start, fromMs);
    const endMs = Math.min(starts[index + 1] ?? toMs, toMs);
    if (startMs > nowMs) {
      const ideal = idealAt(input, endMs);
      return { startMs, endMs, state: "future", spent: null, soFar: null, ideal };
    }
    const value = spent.has(start) ? (spent.get(start) ?? null) : 0n;
    soFar += value ?? 0n;
    const isRunning = nowMs < endMs;
    const ideal = idealAt(input, isRunning ? nowMs : endMs);
    return {
      startMs,
      endMs,
      state: isRunning ? "running" : "complete",
      spent: value,
      soFar,
      ideal,
    };
  });
}

/** The straight line of what may be gone by an instant. */
function idealAt({ fromMs, toMs, limit }: BurnDownInput, atMs: number): bigint {
  if (toMs <= fromMs) return limit;
  const gone = Math.min(Math.max(atMs, fromMs), toMs) - fromMs;
  return divideHalfEven(limit * BigInt(Math.round(gone)), BigInt(Math.round(toMs - fromMs)));
}

/** The forecast is a line from now to the period's end. */
function endForecast(points: BurnDownPoint[], input: BurnDownInput): void {
  const { forecast, nowMs, toMs } = input;
  if (forecast === null || nowMs >= toMs) return;
  const last = points.at(-1);
  if (!last) return;
  if (last.atMs === toMs) last.forecast = forecast;
  else points.push({ atMs: toMs, spent: null, running: null, ideal: input.limit, forecast });
}
