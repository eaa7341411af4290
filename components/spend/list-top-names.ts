import { SERIES_SLOTS } from "@/components/charts/palette";
import { baseMetric, type Metric, metricValue } from "@/components/spend/metric";
import { groupName, type SpendRow } from "@/components/spend/spend-answer";

/** The names with the largest figures, largest first; null is untagged. A rate has the busiest or dearest ones. */
export function listTopNames(
  rows: readonly SpendRow[],
  group: string,
  metric: Metric,
): (string | null)[] {
  const base = baseMetric(metric);
  return rows
    .map((row) => ({ name: groupName(row, group), value: metricValue(row, base) ?? 0n }))
    .sort((one, two) => (two.value > one.value ? 1 : two.value < one.value ? -1 : 0))
    .slice(0, SERIES_SLOTS)
    .map(({ name }) => name);
}
