import type { ChartUnit } from "@/components/charts/prepare-axis";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { formatCostSum, formatCount } from "@/lib/format";
import { formatUsd, parseUsd } from "@/lib/money";

/** What Explore counts. */
export const METRICS = [
  { value: "cost", label: "Cost" },
  { value: "calls", label: "Calls" },
  { value: "tokens", label: "Tokens" },
] as const;

export type Metric = (typeof METRICS)[number]["value"];
export const METRIC_IDS = METRICS.map((metric) => metric.value);

/** Unit of a metric's integers: femto-dollars or counts. */
export function metricUnit(metric: Metric): ChartUnit {
  return metric === "cost" ? "usd" : "count";
}

/** A figure as an exact integer (femto-dollars or a count); null where no price is known. */
export function metricValue(figures: SpendFigures, metric: Metric): bigint | null {
  switch (metric) {
    case "cost":
      return figures.cost_usd === null ? null : parseUsd(figures.cost_usd);
    case "calls":
      return BigInt(figures.calls);
    case "tokens":
      // Input and output are whole: cached and reasoning tokens are parts of them, never added.
      return BigInt(figures.input_tokens) + BigInt(figures.output_tokens);
  }
}

/** A metric's integer as it is printed in sums. */
export function formatMetric(value: bigint | null, metric: Metric): string {
  if (value === null) return formatCostSum(null);
  return metric === "cost" ? formatCostSum(formatUsd(value)) : formatCount(value);
}
