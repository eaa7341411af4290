import type { Bucket } from "@/components/charts/prepare-buckets";
import { isPercentile, type Metric, metricValue } from "@/components/spend/metric";
import type { SpendRow } from "@/components/spend/spend-answer";
import { sumFigures } from "@/components/spend/sum-figures";
import type { Comparison } from "@/lib/comparison-range";

/**
 * Puts the earlier time's rows to the buckets that they are held against, by index. The buckets' earlier edges meet, so
 * each row falls to one of them and what is drawn adds up to the comparison's total, the part that lies beyond "so far"
 * aside, which was not asked for.
 */
export function prepareBefore(
  buckets: readonly Bucket[],
  comparison: Comparison,
  rows: readonly SpendRow[],
  metric: Metric,
): Map<number, bigint | null> {
  const ends = buckets.map(({ endMs }) => comparison.toThen(endMs));
  const starts = buckets.map(({ startMs }) => comparison.toThen(startMs));
  const placed = new Map<number, SpendRow[]>();
  for (const row of rows) {
    // The first bucket's calendar start may lie before the range.
    const instantMs = Math.max(Date.parse(row.bucket), comparison.range.fromMs);
    const index = ends.findIndex(
      (endMs, at) => instantMs < endMs && instantMs >= (starts[at] ?? 0),
    );
    if (index >= 0) placed.set(index, [...(placed.get(index) ?? []), row]);
  }
  return new Map([...placed].map(([index, own]) => [index, valueTogether(own, metric)]));
}

function valueTogether(rows: readonly SpendRow[], metric: Metric): bigint | null {
  const [first] = rows;
  if (first && rows.length === 1) return metricValue(first, metric);
  return isPercentile(metric) ? null : metricValue(sumFigures(rows), metric);
}
