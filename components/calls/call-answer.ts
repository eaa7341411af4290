import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";
import type { CallAnswer, WholeCallAnswer } from "@/lib/calls/call-schemas";
import type { RawUsage, Usage } from "@/lib/usage/usage";

/** One call as lists show it (`GET /api/calls`). What was not sent is null. */
export interface Call extends Omit<CallAnswer, "usage"> {
  usage: Usage | null;
}

/** One whole call (`GET /api/calls/{id}`). */
export interface WholeCall extends Omit<WholeCallAnswer, "usage" | "raw_usage"> {
  usage: Usage | null;
  raw_usage: RawUsage | null;
}

interface CallsPage {
  calls: Call[];
  next_cursor: string | null;
  /** RFC 3339; null where no call of the range expired. */
  expired_before: string | null;
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
      return requestJson<CallsPage>("/api/calls", { query: page, signal });
    },
    getNextPageParam: (last) => last.next_cursor,
    // Pages that were loaded stay as they are: rows must not move under a reader's eyes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/**
 * One call by its id, which is unique within its project.
 * @param timestamp the call's own, where it is known: the store then looks in one place only
 */
export function callQuery(callId: string, project: string, timestamp: string | null) {
  const query = new URLSearchParams({ project, ...(timestamp === null ? {} : { timestamp }) });
  return queryOptions({
    queryKey: ["call", project, callId],
    queryFn: ({ signal }) =>
      requestJson<WholeCall>(`/api/calls/${encodeURIComponent(callId)}`, { query, signal }),
  });
}
