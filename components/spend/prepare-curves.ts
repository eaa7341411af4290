import { type Bucket, findBucket } from "@/components/charts/prepare-buckets";
import { isAdditive, type Metric, metricValue } from "@/components/spend/metric";
import { rowNames, type SpendRow } from "@/components/spend/spend-answer";
import { lineKey } from "@/components/spend/spend-line";

/**
 * The small curves of the table: a value per bucket for each line that has rows, by `lineKey`. A bucket without a row
 * of the line is 0 for what adds up, and nothing for a rate.
 */
export function prepareCurves(
  buckets: readonly Bucket[],
  rows: readonly SpendRow[],
  dimensions: readonly string[],
  metric: Metric,
): ReadonlyMap<string, readonly (bigint | null)[]> {
  const nothing = isAdditive(metric) ? 0n : null;
  const curves = new Map<string, (bigint | null)[]>();
  for (const row of rows) {
    const index = findBucket(buckets, Date.parse(row.bucket));
    if (index < 0) continue;
    const key = lineKey(rowNames(row, dimensions));
    const curve = curves.get(key) ?? buckets.map(() => nothing);
    curve[index] = metricValue(row, metric);
    curves.set(key, curve);
  }
  return curves;
}
