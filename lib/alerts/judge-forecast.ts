import type { CalendarPeriod } from "@/lib/budgets/budget-period";
import { forecastPeriod } from "@/lib/budgets/budget-state";
import type { FemtoUsd } from "@/lib/money";

/** A budget's counter in its current period. */
export interface ForecastFigures {
  spentUsd: FemtoUsd;
  limitUsd: FemtoUsd;
  period: CalendarPeriod;
  nowMs: number;
}

/**
 * What the rate so far comes to. `short`: the budget ends before its period; `enough`: what was told of is over; `near`:
 * neither.
 */
export type ForecastVerdict =
  | { verdict: "enough" | "near" }
  | { verdict: "short"; forecastUsd: FemtoUsd; runsOutAtMs: number };

/** A forecast that was told is over below nine tenths of the limit: what wavers around it is one. */
const OVER = { of: 10n, parts: 9n };

/**
 * Judges a counter. One that is spent needs no forecast: its stages tell. Nor has one at the beginning of its period,
 * where a forecast would be one call times a large number.
 */
export function judgeForecast(
  { spentUsd, limitUsd, period, nowMs }: ForecastFigures,
  rule: { floorUsd: FemtoUsd },
): ForecastVerdict {
  if (spentUsd >= limitUsd || spentUsd <= 0n) return { verdict: "enough" };
  const forecastUsd = forecastPeriod(spentUsd, period, nowMs);
  if (forecastUsd === null) return { verdict: "near" };
  if (forecastUsd * OVER.of < limitUsd * OVER.parts) return { verdict: "enough" };
  if (forecastUsd <= limitUsd || forecastUsd < rule.floorUsd) return { verdict: "near" };
  const passedMs = BigInt(Math.min(nowMs, period.endMs) - period.startMs);
  // Rounded up: until then it lasts.
  const lastsMs = (passedMs * limitUsd + spentUsd - 1n) / spentUsd;
  return { verdict: "short", forecastUsd, runsOutAtMs: period.startMs + Number(lastsMs) };
}
