import type { Amounts, Limits, Threshold } from "@/lib/budgets/budget";
import type { BudgetMeasure, BudgetState } from "@/lib/budgets/budget-answer-schemas";
import type { CalendarPeriod } from "@/lib/budgets/budget-period";
import { divideHalfEven, type FemtoUsd } from "@/lib/money";

/** How full a counter is, of the limit that is nearest. */
export interface Fullness {
  /** The nearest limit; null: none. */
  measure: BudgetMeasure | null;
  spent: bigint;
  limit: bigint;
}

const MEASURES = [
  ["usd", "usd"],
  ["tokens", "tokens"],
  ["calls", "calls"],
  ["toolCalls", "tool_calls"],
  ["ms", "seconds"],
] as const satisfies readonly (readonly [keyof Amounts, BudgetMeasure])[];

/** Finds the limit that is nearest, by whole numbers: a float would call 99.999…% of a large cap spent. */
export function fullnessOf(limits: Limits, spent: Amounts): Fullness {
  let nearest: Fullness = { measure: null, spent: 0n, limit: 1n };
  for (const [amount, measure] of MEASURES) {
    const limit = limits[amount];
    if (limit === null) continue;
    const isNearer = spent[amount] * nearest.limit > nearest.spent * limit;
    if (nearest.measure === null || isNearer) nearest = { measure, spent: spent[amount], limit };
  }
  return nearest;
}

/** Percent are counted in hundredths. */
const PARTS = 100n;
const partsOf = (percent: number): bigint => BigInt(Math.round(percent * Number(PARTS)));

/** Whether this much of the limit is spent. */
export function hasReached({ spent, limit }: Fullness, percent: number): boolean {
  return spent * 100n * PARTS >= limit * partsOf(percent);
}

/** Whole percent, rounded down: 99.9 % is not spent. */
export function usedPercent({ spent, limit }: Fullness): number {
  return Number((spent * 100n) / limit);
}

/** Where a budget without a threshold below its limit begins to warn. */
const WARNING_PERCENT = 80;

/**
 * A counter's state. What is spent decides and not what is held: holds come and go with every call, and a state that
 * follows them would be noise. `exceeded`: a limit is spent, so nothing more fits.
 */
export function stateOf(fullness: Fullness, thresholds: readonly Threshold[]): BudgetState {
  if (fullness.measure === null) return "ok";
  if (hasReached(fullness, 100)) return "exceeded";
  return hasReached(fullness, warnsAt(thresholds)) ? "warning" : "ok";
}

/** From which percentage on a budget warns. */
export function warnsAt([lowest]: readonly Threshold[]): number {
  // Ascending: the first is the lowest.
  return lowest && lowest.percent < 100 ? lowest.percent : WARNING_PERCENT;
}

/** The next threshold that is not reached, in percent; null: none is left. */
export function nextThresholdOf(
  fullness: Fullness,
  thresholds: readonly Threshold[],
): number | null {
  return thresholds.find(({ percent }) => !hasReached(fullness, percent))?.percent ?? null;
}

/** Below this share of a period a forecast would be one call times a large number. */
const EARLIEST_SHARE = 20n;

/**
 * What a period comes to if it goes on as so far: the dollars spent by the time passed, rounded once. Of unknown costs
 * it knows nothing, so with some it is a lower bound.
 * @returns null before a twentieth of the period has passed
 */
export function forecastPeriod(
  spent: FemtoUsd,
  { startMs, endMs }: CalendarPeriod,
  nowMs: number,
): FemtoUsd | null {
  const length = BigInt(endMs - startMs);
  const passed = BigInt(Math.min(nowMs, endMs) - startMs);
  if (passed * EARLIEST_SHARE < length) return null;
  return divideHalfEven(spent * length, passed);
}
