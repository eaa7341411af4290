import type { AlertAnswer, DeliveryAnswer } from "@/lib/alerts/alert-schemas";

/** An alert as it is answered, for tests. */
export function makeAlert(change: Partial<AlertAnswer> = {}): AlertAnswer {
  return {
    id: "0b8f6d1e-0000-4000-8000-000000000001",
    kind: "threshold",
    project: "shop",
    budget_id: "0b8f6d1e-0000-4000-8000-0000000000b1",
    value: null,
    period: "2026-11-01",
    percent: 70,
    action: null,
    title: "Agents passed 70 %: $7.00 of $10.00",
    lines: [],
    what_stops_next: "Nothing yet: at 100 % the next stage is told.",
    severity: "warning",
    facts: null,
    state: "open",
    opened_at: "2026-11-22T12:00:00.000Z",
    told_at: "2026-11-22T12:00:01.000Z",
    resolved_at: null,
    acknowledged: null,
    snoozed: null,
    audience: ["lead"],
    link: "/budgets/0b8f6d1e-0000-4000-8000-0000000000b1",
    nobody_told: false,
    untold_audience: [],
    can_handle: true,
    deliveries: [],
    ...change,
  };
}

/** A delivery as it is answered, for tests. */
export function makeDelivery(change: Partial<DeliveryAnswer> = {}): DeliveryAnswer {
  return {
    id: "0b8f6d1e-0000-4000-8000-0000000000d1",
    channel: {
      id: "0b8f6d1e-0000-4000-8000-0000000000c1",
      name: "Incident bot",
      type: "webhook",
    },
    state: "sent",
    attempts: 1,
    resends: 0,
    last_error: null,
    due_at: "2026-11-22T12:00:01.000Z",
    sent_at: "2026-11-22T12:04:30.000Z",
    receipt: "HTTP 200",
    tries: [],
    ...change,
  };
}
