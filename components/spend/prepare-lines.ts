import { baseMetric, type Metric, metricValue } from "@/components/spend/metric";
import type { TableChanges } from "@/components/spend/prepare-changes";
import { NO_FIGURES, rowNames, type SpendAnswer } from "@/components/spend/spend-answer";
import type { SpendLine } from "@/components/spend/spend-line";
import { formatShare } from "@/lib/format";

/**
 * The table's lines: every group of the answer with its share, and after them those that are gone.
 * @param topNames the names of the first dimension that the chart draws, in the order of its layers
 * @param slotOf colours by layer name; a name that is not drawn has Other's
 * @param changes null where nothing is compared
 */
export function prepareLines(
  answer: SpendAnswer,
  { dimensions, metric }: { dimensions: readonly string[]; metric: Metric },
  topNames: readonly (string | null)[],
  slotOf: (name: string | null) => number | null,
  changes: TableChanges | null,
): SpendLine[] {
  const base = baseMetric(metric);
  const whole = metricValue(answer.total, base) ?? 0n;
  const gone = changes?.gone.map((row) => ({ ...row, ...NO_FIGURES })) ?? [];
  return [...answer.rows, ...gone].map((row) => {
    const names = rowNames(row, dimensions);
    const part = metricValue(row, base);
    const layer = topNames.indexOf(names[0] ?? null);
    return {
      names,
      value: metricValue(row, metric),
      base: part,
      share: part === null ? null : formatShare(part, whole),
      shareWidth: part === null || whole <= 0n ? 0 : Number((part * 1000n) / whole) / 1000,
      layer: layer < 0 ? null : layer,
      slot: layer < 0 ? null : slotOf(names[0] ?? null),
      figures: row,
      change: changes?.changeOf(names) ?? null,
    };
  });
}
