"use client";

import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "@/components/layout/workspace";
import { requestJson } from "@/lib/api-client";

interface CallsAnswer {
  calls: { metadata: Record<string, string> }[];
}

/** The newest calls name the keys in use; older ones can be typed. */
const READ_CALLS = 100;
const AGE_MS = 60_000;

/** The metadata keys that the newest calls hold, in order. Asked only when `isAsked`. */
export function useMetadataKeys(isAsked: boolean): string[] {
  const { project } = useWorkspace();
  const { data } = useQuery({
    queryKey: ["metadata-keys", project],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ project, limit: String(READ_CALLS) });
      const { calls } = await requestJson<CallsAnswer>("/api/calls", { query, signal });
      return [...new Set(calls.flatMap(({ metadata }) => Object.keys(metadata)))].sort();
    },
    enabled: isAsked,
    staleTime: AGE_MS,
  });
  return data ?? [];
}
