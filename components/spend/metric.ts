import type { ChartUnit } from "@/components/charts/prepare-axis";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { formatCostSum, formatCount, formatTokens } from "@/lib/format";
import { formatUsd, parseUsd } from "@/lib/money";

/** What Explore counts. */
export const METRICS = [
  { value: "cost", label: "Cost" },
  { value: "calls", label: "Calls" },
  { value: "tokens", label: "Tokens" },
] as const;

export type Metric = (typeof METRICS)[number]["value"];
export const METRIC_IDS = METRICS.map((metric) => metric.value);

type MetricFigures = Pick<SpendFigures, "cost_usd" | "calls" | "input_tokens" | "output_tokens">;

/** Unit of a metric's integers: femto-dollars or counts. */
export function metricUnit(metric: Metric): ChartUnit {
  return metric === "cost" ? "usd" : "count";
}

/** The API's `figures` that a metric is made of. */
export function metricFigures(metric: Metric): string {
  return { cost: "cost_usd", calls: "calls", tokens: "input_tokens,output_tokens" }[metric];
}

/** A figure as an exact integer (femto-dollars or a count); null where it is not known. */
export function metricValue(figures: MetricFigures, metric: Metric): bigint | null {
  switch (metric) {
    case "cost":
      return figures.cost_usd === null ? null : parseUsd(figures.cost_usd);
    case "calls":
      return BigInt(figures.calls);
    case "tokens":
      return readTokens(figures);
  }
}

/** All tokens of a sum. Cached and reasoning tokens are parts of input and output, never added to them. */
export function totalTokens(figures: MetricFigures): number | null {
  if (figures.input_tokens === null && figures.output_tokens === null) return null;
  return (figures.input_tokens ?? 0) + (figures.output_tokens ?? 0);
}

/** A metric's integer as it is printed in sums. */
export function formatMetric(value: bigint | null, metric: Metric): string {
  if (value === null) return formatCostSum(null);
  return metric === "cost" ? formatCostSum(formatUsd(value)) : formatCount(value);
}

/** The same where there is little room: tokens compact. */
export function formatMetricShort(value: bigint | null, metric: Metric): string {
  return metric === "tokens" && value !== null
    ? formatTokens(Number(value))
    : formatMetric(value, metric);
}

function readTokens(figures: MetricFigures): bigint | null {
  const tokens = totalTokens(figures);
  return tokens === null ? null : BigInt(tokens);
}
