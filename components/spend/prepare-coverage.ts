import { metricValue } from "@/components/spend/metric";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { divideHalfEven } from "@/lib/money";

/** How much of the cost and of the calls carries a tag. */
export interface Coverage {
  dimension: string;
  /** Whole percent of the cost; 100 only where nothing is untagged, 0 only where nothing is tagged. Null: no cost. */
  percent: number | null;
  untaggedFemtoUsd: bigint | null;
  /** The same of the calls; null: no calls. */
  callsPercent: number | null;
  untaggedCalls: number;
}

/**
 * @param total everything
 * @param untagged what of it has no value of the dimension
 */
export function prepareCoverage(
  dimension: string,
  total: SpendFigures,
  untagged: SpendFigures,
): Coverage {
  const whole = metricValue(total, "cost");
  const missing = untagged.calls === 0 ? 0n : metricValue(untagged, "cost");
  return {
    dimension,
    percent: whole === null || missing === null ? null : percentOf(whole, missing),
    untaggedFemtoUsd: missing,
    callsPercent: percentOf(BigInt(total.calls), BigInt(untagged.calls)),
    untaggedCalls: untagged.calls,
  };
}

/** "100 %" is a statement, as is "0 %": one untagged call, or one tagged one, makes it untrue. */
function percentOf(whole: bigint, missing: bigint): number | null {
  if (whole <= 0n) return null;
  if (missing === 0n) return 100;
  if (missing >= whole) return 0;
  const rounded = Number(divideHalfEven((whole - missing) * 100n, whole));
  return Math.min(99, Math.max(1, rounded));
}

/** The tags shown until the organisation chooses its own; `team` is no field of an event, so only where calls have it. */
export function chooseTags(
  chosen: readonly string[] | null,
  metadataKeys: readonly string[],
): string[] {
  if (chosen !== null) return [...chosen];
  const team = metadataKeys.includes("team") ? ["metadata.team"] : [];
  return ["feature", ...team, "agent", "user"];
}
