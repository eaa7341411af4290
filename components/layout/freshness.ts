"use client";

import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "@/components/layout/workspace";
import { requestJson } from "@/lib/api-client";

/** How far the figures reach, for the selected projects. */
export interface Freshness {
  /** Figures are exact for all events up to here; null not known here. */
  fresh_to: string | null;
  /** Events accepted and not yet in the figures; null: not known here. */
  backlog_events: number | null;
  /** Newest event of the selected projects, whatever the range; null: nothing was ever received. */
  last_event_at: string | null;
}

const WAITING_MS = 2_000;
const SETTLED_MS = 15_000;
const GLANCE_MS = 60_000;

/**
 * Asks how fresh the figures are: every two seconds until the first event ever, then calmly. Only the
 * last minute is asked for, so that the answer costs next to nothing.
 */
export function useFreshness() {
  const { project, timeZone } = useWorkspace();
  return useQuery({
    queryKey: ["freshness", project],
    queryFn: ({ signal }) => {
      const nowMs = Date.now();
      const query = new URLSearchParams({
        project,
        from: new Date(nowMs - GLANCE_MS).toISOString(),
        to: new Date(nowMs).toISOString(),
        tz: timeZone,
        interval: "total",
        figures: "calls",
      });
      return requestJson<Freshness>("/api/spend", { query, signal });
    },
    refetchInterval: ({ state }) => (state.data?.last_event_at === null ? WAITING_MS : SETTLED_MS),
  });
}
