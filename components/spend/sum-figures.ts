import type { SpendFigures } from "@/components/spend/spend-answer";
import { formatUsd, parseUsd } from "@/lib/money";

/**
 * Adds up rows that are not drawn one by one, so that what is drawn still adds up to the total. Money is
 * summed exactly; what is unknown in every row stays unknown; percentiles can't be added and are null.
 */
export function sumFigures(rows: readonly SpendFigures[]): SpendFigures {
  const count = (read: (row: SpendFigures) => number) =>
    rows.reduce((sum, row) => sum + read(row), 0);
  const tokens = (read: (row: SpendFigures) => number | null) =>
    rows.some((row) => read(row) !== null) ? count((row) => read(row) ?? 0) : null;
  // Sums of expired days may not know which calls were retries: then nobody knows the whole.
  const isRetryKnown = rows.every(({ retries }) => retries !== null);
  return {
    cost_usd: sumCosts(rows.map((row) => row.cost_usd)),
    calls: count((row) => row.calls),
    input_tokens: tokens((row) => row.input_tokens),
    cache_read_tokens: tokens((row) => row.cache_read_tokens),
    cache_write_tokens: tokens((row) => row.cache_write_tokens),
    output_tokens: tokens((row) => row.output_tokens),
    reasoning_tokens: tokens((row) => row.reasoning_tokens),
    errors: count((row) => row.errors),
    retries: isRetryKnown ? count((row) => row.retries ?? 0) : null,
    retry_cost_usd: isRetryKnown ? sumCosts(rows.map((row) => row.retry_cost_usd)) : null,
    unpriced_retries: isRetryKnown ? count((row) => row.unpriced_retries ?? 0) : null,
    unpriced_calls: count((row) => row.unpriced_calls),
    partial_calls: count((row) => row.partial_calls),
    p50_duration_ms: null,
    p95_duration_ms: null,
    p50_ttft_ms: null,
    p95_ttft_ms: null,
  };
}

function sumCosts(known: readonly (string | null)[]): string | null {
  const costs = known.flatMap((costUsd) => (costUsd === null ? [] : [parseUsd(costUsd)]));
  if (costs.length === 0) return null;
  return formatUsd(costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), 0n));
}
