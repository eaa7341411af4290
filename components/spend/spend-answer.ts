import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { SpendFigures as AnsweredFigures } from "@/lib/spend/figures";
import type { SpendAnswer as AnsweredSpend } from "@/lib/spend/spend-schemas";

type Percentile = Extract<keyof AnsweredFigures, `p${50 | 95}_${string}`>;

/** The figures of a sum of calls (`GET /api/spend`): null is unknown, never 0. Percentiles are there where they were asked for. */
export type SpendFigures = {
  [Name in Exclude<keyof AnsweredFigures, Percentile>]-?: Exclude<AnsweredFigures[Name], undefined>;
} & { [Name in Percentile]?: number | null };

/** Figures of one group and bucket, with the group's value under the dimension's name. */
export type SpendRow = SpendFigures & { bucket: string } & Record<string, unknown>;

export interface SpendAnswer extends Omit<AnsweredSpend, "total" | "rows" | "rest"> {
  total: SpendFigures;
  rows: SpendRow[];
  /** What `limit` left out, so that rows and rest add up to the total; null where nothing was. */
  rest: SpendFigures | null;
}

/** Asks what was spent. The query is the whole key: equal questions share one answer. */
export function spendQuery(query: URLSearchParams) {
  return queryOptions({
    queryKey: ["spend", query.toString()],
    queryFn: ({ signal }) => requestJson<SpendAnswer>("/api/spend", { query, signal }),
  });
}

/** The value of a row's dimension; null is untagged. */
export function groupName(row: SpendRow, dimension: string): string | null {
  const value = row[dimension];
  return value === null || value === undefined || value === "" ? null : String(value);
}

/** The names of a row by several dimensions. */
export function rowNames(row: SpendRow, dimensions: readonly string[]): (string | null)[] {
  return dimensions.map((dimension) => groupName(row, dimension));
}

/** The figures of nothing at all: a known nothing, of which there are no latencies. */
export const NO_FIGURES: SpendFigures = {
  cost_usd: "0",
  calls: 0,
  input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
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
};
