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
  /** What the counter that decides says now; null: there is none to ask, or it is being counted. */
  counter: bigint | null;
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
  /** What the counter says, where that is not what the calls come to. */
  counter: bigint | null;
}

export interface BurnDown {
  steps: BurnDownStep[];
  points: BurnDownPoint[];
  /** What the calls come to. */
  total: bigint;
  /** What is spent now: what the counter says, as it decides and the meter shows it; else what the calls come to. */
  current: bigint;
  /** So much more (or less) the counter says than the calls come to; null: there is no counter to ask. */
  apart: bigint | null;
  /** Steps of which not everything is known: the sum is at least so much. */
  unknownSteps: number;
  /** The end of the step in which the limit was reached; null: it was not, by the counter where there is one. */
  reachedMs: number | null;
  /** The largest value drawn. */
  max: bigint;
}

/**
 * What was spent of a limit by and by, against the straight line that ends at the limit. Sums are whole numbers, so
 * that the last step's sum is the answer's total to the last digit; a step without events spent nothing.
 *
 * The steps are sums of calls; what decides is the counter. The two differ by events that count in the period of their
 * hold, by calls without a price that count at a rate, by projects that the reader may not read, and for moments by what
 * one of them does not have yet. So the line shows the calls, and what is said of now (how much, how far from the limit,
 * where the forecast begins) is the counter's.
 */
export function prepareBurnDown(input: BurnDownInput): BurnDown {
  const { fromMs, nowMs, limit, forecast, counter } = input;
  const steps = listSteps(input);
  const points: BurnDownPoint[] = [
    { atMs: fromMs, spent: 0n, running: null, ideal: 0n, forecast: null, counter: null },
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
      forecast: isRunning && forecast !== null ? (counter ?? step.soFar) : null,
      counter: null,
    });
  }
  const known = steps.flatMap(({ soFar }) => (soFar === null ? [] : [soFar]));
  const total = known.at(-1) ?? 0n;
  const apart = counter === null ? null : counter - total;
  const now = points.findLast(({ spent, running }) => spent !== null || running !== null);
  if (now && apart !== null && apart !== 0n) now.counter = counter;
  endForecast(points, input);
  return {
    steps,
    points,
    total,
    current: counter ?? total,
    apart,
    unknownSteps: steps.filter(({ state, spent }) => state !== "future" && spent === null).length,
    reachedMs: findReached(input, steps),
    max: [...known, limit, forecast ?? 0n, counter ?? 0n].reduce(
      (max, value) => (value > max ? value : max),
      0n,
    ),
  };
}

/** The calls say when; whether, the counter says. */
function findReached({ limit, counter, nowMs }: BurnDownInput, steps: BurnDownStep[]) {
  if (counter !== null && counter < limit) return null;
  const reached =
    limit > 0n ? steps.find(({ soFar }) => soFar !== null && soFar >= limit) : steps[0];
  if (reached && reached.soFar !== null) return Math.min(reached.endMs, nowMs);
  return counter === null ? null : nowMs;
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
  else
    points.push({
      atMs: toMs,
      spent: null,
      running: null,
      ideal: input.limit,
      forecast,
      counter: null,
    });
}
