import type { ChartUnit } from "@/components/charts/prepare-axis";
import type { SpendFigures } from "@/components/spend/spend-answer";
import {
  formatCallCost,
  formatCostSum,
  formatCount,
  formatDuration,
  formatTokens,
  UNKNOWN,
} from "@/lib/format";
import { divideHalfEven, formatUsd, parseUsd } from "@/lib/money";

/**
 * What Explore counts. `sum` metrics add up over rows and buckets and are stacked; a rate of nothing is
 * unknown, and rates and latencies are drawn as lines.
 */
export const METRICS = [
  { value: "cost", label: "Cost" },
  { value: "calls", label: "Calls" },
  { value: "tokens", label: "Tokens" },
  { value: "input", label: "Input tokens" },
  { value: "cached", label: "Cached tokens" },
  { value: "output", label: "Output tokens" },
  { value: "reasoning", label: "Reasoning tokens" },
  { value: "call-cost", label: "Cost per call" },
  { value: "token-cost", label: "Cost per 1,000 tokens" },
  { value: "error-rate", label: "Error rate" },
  { value: "retries", label: "Retries" },
  { value: "retry-cost", label: "Cost of retries" },
  { value: "retry-rate", label: "Retry rate" },
  { value: "p50", label: "p50 latency" },
  { value: "p95", label: "p95 latency" },
  { value: "ttft50", label: "p50 first token" },
  { value: "ttft95", label: "p95 first token" },
] as const;

export type Metric = (typeof METRICS)[number]["value"];
export const METRIC_IDS = METRICS.map((metric) => metric.value);

interface MetricRule {
  unit: ChartUnit;
  /** The API's `figures` that it is made of. */
  figures: string;
  /** The metric that names are ranked by and have a share of: itself, where it adds up. */
  base: Metric;
  read: (figures: SpendFigures) => bigint | null;
}

const PPM = 1_000_000n;

const RULES: Record<Metric, MetricRule> = {
  cost: { unit: "usd", figures: "cost_usd", base: "cost", read: readCost },
  calls: { unit: "count", figures: "calls", base: "calls", read: (f) => BigInt(f.calls) },
  tokens: sumOfTokens("tokens", "input_tokens,output_tokens", totalTokens),
  input: sumOfTokens("input", "input_tokens", (f) => f.input_tokens),
  cached: sumOfTokens("cached", "cache_read_tokens", (f) => f.cache_read_tokens),
  output: sumOfTokens("output", "output_tokens", (f) => f.output_tokens),
  reasoning: sumOfTokens("reasoning", "reasoning_tokens", (f) => f.reasoning_tokens),
  "call-cost": {
    unit: "usd",
    figures: "cost_usd,calls",
    base: "cost",
    read: (f) => ratio(readCost(f), BigInt(f.calls)),
  },
  "token-cost": {
    unit: "usd",
    figures: "cost_usd,input_tokens,output_tokens",
    base: "cost",
    read: (f) => ratio(times(readCost(f), 1_000n), BigInt(totalTokens(f) ?? 0)),
  },
  "error-rate": {
    unit: "share",
    figures: "calls,errors",
    base: "calls",
    read: (f) => ratio(BigInt(f.errors) * PPM, BigInt(f.calls)),
  },
  retries: { unit: "count", figures: "retries", base: "retries", read: readRetries },
  "retry-cost": {
    unit: "usd",
    figures: "retry_cost_usd",
    base: "retry-cost",
    read: (f) => (f.retry_cost_usd === null ? null : parseUsd(f.retry_cost_usd)),
  },
  "retry-rate": {
    unit: "share",
    figures: "calls,retries",
    base: "calls",
    read: (f) => ratio(times(readRetries(f), PPM), BigInt(f.calls)),
  },
  p50: latency("p50_duration_ms", (f) => f.p50_duration_ms),
  p95: latency("p95_duration_ms", (f) => f.p95_duration_ms),
  ttft50: latency("p50_ttft_ms", (f) => f.p50_ttft_ms),
  ttft95: latency("p95_ttft_ms", (f) => f.p95_ttft_ms),
};

/** Unit of a metric's integers: femto-dollars, counts, millionths or microseconds. */
export function metricUnit(metric: Metric): ChartUnit {
  return RULES[metric].unit;
}

/** The API's `figures` that a metric is made of, with what its names are ranked by. */
export function metricFigures(metric: Metric): string {
  return RULES[metric].figures;
}

/** What names are ranked by and have a share of: the metric itself, or calls or cost for a rate of them. */
export function baseMetric(metric: Metric): Metric {
  return RULES[metric].base;
}

/** True for what adds up over names and buckets; a rate or a percentile does not. */
export function isAdditive(metric: Metric): boolean {
  return RULES[metric].base === metric;
}

/** True for a percentile: it can't be made of the figures of its parts. */
export function isPercentile(metric: Metric): boolean {
  return RULES[metric].unit === "duration";
}

/** True where more is worse: money, errors, retries and waiting. More calls and tokens are neither. */
export function isBurden(metric: Metric): boolean {
  return RULES[metric].unit !== "count" || metric === "retries";
}

/** True for what counts tokens, which are printed compact where there is little room. */
export function isTokenCount(metric: Metric): boolean {
  return RULES[metric].unit === "count" && metric !== "calls" && metric !== "retries";
}

/** A figure as an exact integer of its unit; null where it is not known, and for a rate of nothing. */
export function metricValue(figures: SpendFigures, metric: Metric): bigint | null {
  return RULES[metric].read(figures);
}

/** All tokens of a sum. Cached and reasoning tokens are parts of input and output, never added to them. */
export function totalTokens(
  figures: Pick<SpendFigures, "input_tokens" | "output_tokens">,
): number | null {
  if (figures.input_tokens === null && figures.output_tokens === null) return null;
  return (figures.input_tokens ?? 0) + (figures.output_tokens ?? 0);
}

/** A metric's name: `Cost per call`. */
export function metricLabel(metric: Metric): string {
  return METRICS.find(({ value }) => value === metric)?.label ?? metric;
}

/** A metric's integer as it is printed in sums. */
export function formatMetric(value: bigint | null, metric: Metric): string {
  if (value === null) return UNKNOWN;
  switch (RULES[metric].unit) {
    case "usd":
      return isAdditive(metric)
        ? formatCostSum(formatUsd(value))
        : formatCallCost(formatUsd(value));
    case "count":
      return formatCount(value);
    case "share":
      return formatPpm(value);
    case "duration":
      return formatDuration(Number(value) / 1_000);
  }
}

/** The same where there is little room: tokens compact. */
export function formatMetricShort(value: bigint | null, metric: Metric): string {
  return isTokenCount(metric) && value !== null
    ? formatTokens(Number(value))
    : formatMetric(value, metric);
}

/** Millionths as a percentage with one decimal; a trace of something is not 0 %. */
function formatPpm(ppm: bigint): string {
  const tenths = divideHalfEven(ppm, 1_000n);
  return tenths === 0n && ppm > 0n ? "<0.1 %" : `${tenths / 10n}.${tenths % 10n} %`;
}

function sumOfTokens(
  base: Metric,
  figures: string,
  read: (figures: SpendFigures) => number | null,
): MetricRule {
  return {
    unit: "count",
    figures,
    base,
    read: (f) => {
      const tokens = read(f);
      return tokens === null ? null : BigInt(tokens);
    },
  };
}

function latency(
  figure: string,
  read: (figures: SpendFigures) => number | null | undefined,
): MetricRule {
  return {
    unit: "duration",
    figures: figure,
    base: "calls",
    read: (f) => {
      // Not asked for is not known.
      const durationMs = read(f) ?? null;
      return durationMs === null ? null : BigInt(Math.round(durationMs * 1_000));
    },
  };
}

function readCost(figures: SpendFigures): bigint | null {
  return figures.cost_usd === null ? null : parseUsd(figures.cost_usd);
}

function readRetries(figures: SpendFigures): bigint | null {
  return figures.retries === null ? null : BigInt(figures.retries);
}

function times(value: bigint | null, factor: bigint): bigint | null {
  return value === null ? null : value * factor;
}

/** Rounded once, half to even; a ratio of nothing is unknown. */
function ratio(part: bigint | null, whole: bigint): bigint | null {
  return part === null || whole === 0n ? null : divideHalfEven(part, whole);
}
