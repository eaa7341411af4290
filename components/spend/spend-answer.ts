import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";

/** The figures of a sum of calls (`GET /api/spend`). */
export interface SpendFigures {
  /** Plain decimal string of US dollars; null where no price is known. */
  cost_usd: string | null;
  calls: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  errors: number;
  unpriced_calls: number;
  partial_calls: number;
  p50_duration_ms: number | null;
  p95_duration_ms: number | null;
}

/** Figures of one group and bucket, with the group's value under the dimension's name. */
export type SpendRow = SpendFigures & { bucket?: string } & Record<string, unknown>;

export interface SpendAnswer {
  fresh_to: string | null;
  backlog_events: number;
  /** Oldest and newest event of the selected projects, whatever the range and filters. */
  first_event_at: string | null;
  last_event_at: string | null;
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
