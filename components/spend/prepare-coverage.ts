import { metricValue } from "@/components/spend/metric";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { divideHalfEven } from "@/lib/money";

/** How much of the cost carries a tag. */
export interface Coverage {
  dimension: string;
  /** Whole percent of the cost; 100 only where nothing is untagged, 0 only where nothing is tagged. Null: no cost. */
  percent: number | null;
  untaggedFemtoUsd: bigint | null;
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
  if (whole === null || whole <= 0n || missing === null) {
    return { dimension, percent: null, untaggedFemtoUsd: missing };
  }
  const rounded = Number(divideHalfEven((whole - missing) * 100n, whole));
  // "100 %" is a statement: one untagged call makes it untrue.
  const percent = missing === 0n ? 100 : missing >= whole ? 0 : Math.min(99, Math.max(1, rounded));
  return { dimension, percent, untaggedFemtoUsd: missing };
}
