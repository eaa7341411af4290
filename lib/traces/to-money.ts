import { toDateTimeText } from "@/db/clickhouse/llm-call-row";
import { toRfc3339 } from "@/lib/calls/to-rfc-3339";
import { type FemtoUsd, formatUsd } from "@/lib/money";
import type { StepTotals } from "@/lib/traces/tree-step";

/** The known cost. Where some is unknown and all that is known is 0, nothing is known: "$0 at least" reads as free. */
export function toMoney(totals: StepTotals): { cost_usd: string | null; is_at_least: boolean } {
  const isUnknown = totals.unpriced > 0 && totals.costFemto === 0n;
  return {
    cost_usd: isUnknown ? null : formatUsd(totals.costFemto),
    is_at_least: totals.unpriced > 0 || totals.partial > 0,
  };
}

/** Sums of steps that are not named one by one. */
export function toMore(totals: StepTotals) {
  return { steps: totals.steps, calls: totals.calls, ...toMoney(totals) };
}

/** @param us microseconds since 1970 */
export function formatUs(us: number): string {
  return toRfc3339(toDateTimeText(us));
}

/** null stays unknown. */
export function formatOptional(femto: FemtoUsd | null): string | null {
  return femto === null ? null : formatUsd(femto);
}
