import fc from "fast-check";
import { expect, test } from "vitest";
import {
  baseMetric,
  formatMetric,
  isAdditive,
  METRIC_IDS,
  metricFigures,
  metricValue,
} from "@/components/spend/metric";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";
import { FIGURE_NAMES } from "@/lib/spend/figures";

test("a ratio of nothing is unknown, never 0", () => {
  const nothing = figuresOf({ cost_usd: "0", calls: 0, errors: 0, input_tokens: 0 });
  for (const metric of ["call-cost", "token-cost", "error-rate"] as const) {
    expect(formatMetric(metricValue(nothing, metric), metric)).toBe("—");
  }
  const unpriced = figuresOf({ cost_usd: null, calls: 3, input_tokens: 10, output_tokens: 2 });
  expect(metricValue(unpriced, "call-cost")).toBeNull();
  expect(metricValue(unpriced, "token-cost")).toBeNull();
});

test("cost per unit is exact to one rounding at 1e-15", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 24n }),
      fc.integer({ min: 1, max: 1e9 }),
      (cost, calls) => {
        const value = metricValue(figuresOf({ cost_usd: formatUsd(cost), calls }), "call-cost");
        const off = (value ?? 0n) * BigInt(calls) - cost;
        expect((off < 0n ? -off : off) * 2n <= BigInt(calls)).toBe(true);
      },
    ),
  );
  const one = figuresOf({ cost_usd: "0.012", calls: 4, input_tokens: 1_500, output_tokens: 500 });
  expect(formatMetric(metricValue(one, "call-cost"), "call-cost")).toBe("$0.003");
  expect(formatMetric(metricValue(one, "token-cost"), "token-cost")).toBe("$0.006");
});

test("rates read as percentages and latencies as durations", () => {
  const figures = figuresOf({ calls: 3_000, errors: 1, p95_duration_ms: 1_240, p50_ttft_ms: 87.5 });
  expect(formatMetric(metricValue(figures, "error-rate"), "error-rate")).toBe("<0.1 %");
  expect(formatMetric(metricValue(figures, "p95"), "p95")).toBe("1.24 s");
  expect(formatMetric(metricValue(figures, "ttft50"), "ttft50")).toBe("88 ms");
  const eighth = metricValue(figuresOf({ calls: 8, errors: 1 }), "error-rate");
  expect(formatMetric(eighth, "error-rate")).toBe("12.5 %");
});

test("retries that nobody knows are unknown, and none are a known nothing", () => {
  const some = figuresOf({ calls: 8, retries: 1, retry_cost_usd: "0.25" });
  expect(formatMetric(metricValue(some, "retry-rate"), "retry-rate")).toBe("12.5 %");
  expect(formatMetric(metricValue(some, "retry-cost"), "retry-cost")).toBe("$0.25");
  const none = figuresOf({ calls: 8 });
  expect(formatMetric(metricValue(none, "retries"), "retries")).toBe("0");
  expect(formatMetric(metricValue(none, "retry-cost"), "retry-cost")).toBe("$0.00");
  const unknown = figuresOf({ calls: 8, retries: null, retry_cost_usd: null });
  for (const metric of ["retries", "retry-cost", "retry-rate"] as const) {
    expect(formatMetric(metricValue(unknown, metric), metric)).toBe("—");
  }
});

test("every metric asks for figures that there are, and ranks by something that adds up", () => {
  for (const metric of METRIC_IDS) {
    for (const name of metricFigures(metric).split(",")) expect(FIGURE_NAMES).toContain(name);
    expect(isAdditive(baseMetric(metric))).toBe(true);
  }
});
