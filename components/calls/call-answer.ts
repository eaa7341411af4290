import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/use-scope";
import { requestJson } from "@/lib/api-client";
import type { CallPrice, CostStatus } from "@/lib/prices/price";
import type { RawUsage, Usage } from "@/lib/usage/usage";

/** One call as lists show it (`GET /api/calls`). What was not sent is null. */
export interface Call {
  id: string;
  project: string;
  /** RFC 3339, start of the call. */
  timestamp: string;
  type: string;
  name: string | null;
  provider: string | null;
  model: string | null;
  requested_model: string | null;
  agent: string | null;
  task: string | null;
  task_type: string | null;
  feature: string | null;
  user: string | null;
  session: string | null;
  trace_id: string | null;
  status: "ok" | "error";
  error_type: string | null;
  duration_ms: number | null;
  usage: Usage | null;
  /** Plain decimal string of US dollars; null where no price is known. */
  cost_usd: string | null;
  cost_status: CostStatus;
  cost_reason: string | null;
}

/** One whole call (`GET /api/calls/{id}`). */
export interface CallDetail extends Call {
  span_id?: string | null;
  parent_span_id?: string | null;
  attempt?: number | null;
  time_to_first_token_ms?: number | null;
  service_tier?: string | null;
  inference_geo?: string | null;
  provider_account?: string | null;
  usage_source?: "reported" | "estimated";
  raw_usage?: RawUsage | null;
  reported_cost_usd?: string | null;
  list_cost_usd?: string | null;
  ingested_at?: string | null;
  metadata?: Record<string, string> | null;
  price: CallPrice | null;
}

interface CallsAnswer {
  calls: Call[];
  next_cursor: string | null;
}

const PAGE_SIZE = 100;

/** The calls of a scope, newest first, page by page; a cursor holds its moment while events arrive. */
export function callsQuery(scope: Scope) {
  const query = scopeQuery(scope);
  query.set("limit", String(PAGE_SIZE));
  // A zone changes no list of instants, and this question does not take one.
  query.delete("tz");
  return infiniteQueryOptions({
    queryKey: ["calls", query.toString()],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(query);
      if (pageParam !== null) page.set("cursor", pageParam);
      return requestJson<CallsAnswer>("/api/calls", { query: page, signal });
    },
    getNextPageParam: (last) => last.next_cursor,
    // Pages that were loaded stay as they are: rows must not move under a reader's eyes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** One call by its id, which is unique within its project. */
export function callQuery(callId: string, project: string) {
  const query = new URLSearchParams({ project });
  return queryOptions({
    queryKey: ["call", project, callId],
    queryFn: ({ signal }) =>
      requestJson<CallDetail>(`/api/calls/${encodeURIComponent(callId)}`, { query, signal }),
  });
}
