import type { SpendFigures } from "@/components/spend/spend-answer";

/** Figures of a sum for a test: one free call without tokens or times, unless it says otherwise. */
export function figuresOf(part: Partial<SpendFigures> = {}): SpendFigures {
  return {
    cost_usd: "0",
    calls: 1,
    input_tokens: null,
    cache_read_tokens: null,
    cache_write_tokens: null,
    output_tokens: null,
    reasoning_tokens: null,
    errors: 0,
    retries: 0,
    retry_cost_usd: "0",
    unpriced_retries: 0,
    unpriced_calls: 0,
    partial_calls: 0,
    p50_duration_ms: null,
    p95_duration_ms: null,
    p50_ttft_ms: null,
    p95_ttft_ms: null,
    ...part,
  };
}
