import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AlertKind } from "@/lib/alerts/alert";
import type { AlertAnswer, AlertListAnswer, AlertState } from "@/lib/alerts/alert-schemas";
import { requestJson } from "@/lib/api-client";

/** Somebody who looks at alerts waits for the next one. */
const LIVE_MS = 15_000;
const PAGE_SIZE = 50;
/** Enough to say how many wait; more are "more than". */
const STRIP_SIZE = 100;

/** Which alerts are asked for. */
export interface AlertQuestion {
  /** Slug; `*` for all. */
  project: string;
  state: AlertState | null;
  kind: AlertKind | null;
  /** Of one budget alone. */
  budget?: string;
}

/** Alerts, latest first, page by page (`GET /api/alerts`). */
export function alertsQuery({ project, state, kind, budget }: AlertQuestion) {
  const query = new URLSearchParams({ project, limit: String(PAGE_SIZE) });
  if (state) query.set("state", state);
  if (kind) query.set("kind", kind);
  if (budget) query.set("budget", budget);
  return infiniteQueryOptions({
    queryKey: ["alerts", "list", query.toString()],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(query);
      if (pageParam !== null) page.set("cursor", pageParam);
      return requestJson<AlertListAnswer>("/api/alerts", { query: page, signal });
    },
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: LIVE_MS,
  });
}

/** One alert (`GET /api/alerts/{id}`). */
export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: ({ signal }) =>
      requestJson<AlertAnswer>(`/api/alerts/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: LIVE_MS,
  });
}

/** Alerts that nobody is at, for the Overview. @param project slug; `*` for all */
export function openAlertsQuery(project: string) {
  const query = new URLSearchParams({ project, state: "open", limit: String(STRIP_SIZE) });
  return queryOptions({
    queryKey: ["alerts", "open", project],
    queryFn: ({ signal }) => requestJson<AlertListAnswer>("/api/alerts", { query, signal }),
    refetchInterval: 2 * LIVE_MS,
  });
}

/** Says that one is at it (`POST /api/alerts/{id}/acknowledge`). */
export function acknowledgeAlert(id: string, note: string): Promise<AlertAnswer> {
  return post(id, "acknowledge", { note });
}

/** Silences what an alert is about (`POST /api/alerts/{id}/snooze`). @param until RFC 3339; null ends it */
export function snoozeAlert(
  id: string,
  until: string | null,
  reason: string,
): Promise<AlertAnswer> {
  return post(id, "snooze", { until, reason });
}

/** Has one delivery sent again, as another notice (`POST /api/alerts/{id}/resend`). */
export function resendDelivery(id: string, deliveryId: string): Promise<AlertAnswer> {
  return post(id, "resend", { delivery_id: deliveryId });
}

function post(id: string, verb: string, body: object): Promise<AlertAnswer> {
  return requestJson<AlertAnswer>(`/api/alerts/${id}/${verb}`, { method: "POST", body });
}
