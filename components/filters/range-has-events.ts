"use client";

import { useQuery } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";

/**
 * Whether anything was received in the scope's range without its filters. Asked only when `isAsked`; `hasEvents` is null
 * while that is not known: "nothing was received" is an answer, and no failure's.
 */
export function useRangeHasEvents(scope: Scope, isAsked: boolean) {
  const query = scopeQuery(scope, []);
  query.set("interval", "total");
  query.set("group_by", "type");
  query.set("figures", "calls");
  const { data, error, refetch } = useQuery({
    queryKey: ["range-has-events", query.toString()],
    queryFn: ({ signal }) => requestJson<{ rows: unknown[] }>("/api/spend", { query, signal }),
    enabled: isAsked,
  });
  const hasEvents = data === undefined ? null : data.rows.length > 0;
  return { hasEvents: isAsked ? hasEvents : false, error, retry: () => void refetch() };
}
