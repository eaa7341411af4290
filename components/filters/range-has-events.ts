"use client";

import { useQuery } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/use-scope";
import { requestJson } from "@/lib/api-client";

/** Whether anything was received in the scope's range without its filters. Asked only when `isAsked`. */
export function useRangeHasEvents(scope: Scope, isAsked: boolean): boolean {
  const query = scopeQuery(scope, []);
  query.set("interval", "total");
  query.set("group_by", "type");
  query.set("figures", "calls");
  const { data } = useQuery({
    queryKey: ["range-has-events", query.toString()],
    queryFn: ({ signal }) => requestJson<{ rows: unknown[] }>("/api/spend", { query, signal }),
    enabled: isAsked,
  });
  return isAsked && (data?.rows.length ?? 0) > 0;
}
