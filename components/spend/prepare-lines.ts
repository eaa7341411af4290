import { type Metric, metricValue } from "@/components/spend/metric";
import { groupName, type SpendAnswer } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";
import { formatShare } from "@/lib/format";

/**
 * The table's lines: every group of the answer with its share of the metric's total.
 * @param topNames the names the chart draws, in the order of its layers
 * @param slots colours by layer name; a name that is not drawn has Other's
 */
export function prepareLines(
  answer: SpendAnswer,
  { group, metric }: { group: string; metric: Metric },
  topNames: readonly (string | null)[],
  slotOf: (name: string | null) => number | null,
): SpendLine[] {
  const whole = metricValue(answer.total, metric) ?? 0n;
  return answer.rows.map((row) => {
    const name = groupName(row, group);
    const value = metricValue(row, metric);
    const layer = topNames.indexOf(name);
    return {
      name,
      value,
      share: value === null ? null : formatShare(value, whole),
      shareWidth: value === null || whole <= 0n ? 0 : Number((value * 1000n) / whole) / 1000,
      layer: layer < 0 ? null : layer,
      slot: layer < 0 ? null : slotOf(name),
      figures: row,
    };
  });
}
