import { queryOptions } from "@tanstack/react-query";
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

const GLANCE_MS = 60_000;

/** What `/api/spend` is asked for it: only the last minute, so that the answer costs next to nothing. */
export function freshnessQuestion(project: string, timeZone: string, nowMs: number) {
  return new URLSearchParams({
    project,
    from: new Date(nowMs - GLANCE_MS).toISOString(),
    to: new Date(nowMs).toISOString(),
    tz: timeZone,
    interval: "total",
    figures: "calls",
  });
}

/** How fresh the figures of the selected projects are, as of when it is asked. */
export function freshnessQuery(project: string, timeZone: string) {
  return queryOptions({
    queryKey: ["freshness", project],
    queryFn: ({ signal }) => {
      const query = freshnessQuestion(project, timeZone, Date.now());
      return requestJson<Freshness>("/api/spend", { query, signal });
    },
  });
}
