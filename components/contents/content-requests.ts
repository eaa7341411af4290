import { queryOptions } from "@tanstack/react-query";
import { requestJson } from "@/lib/api-client";
import type { CallContentAnswer } from "@/lib/contents/content-schemas";

/** What was said in a call (`GET /api/calls/{id}/content`). Asking is written down, so nobody asks ahead. */
export function contentQuery(callId: string, project: string, timestamp: string | null) {
  const query = new URLSearchParams({ project, ...(timestamp === null ? {} : { timestamp }) });
  return queryOptions({
    queryKey: ["call-content", project, callId, timestamp],
    queryFn: ({ signal }) =>
      requestJson<CallContentAnswer>(`/api/calls/${encodeURIComponent(callId)}/content`, {
        query,
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
  });
}
