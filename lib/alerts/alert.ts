import type { AlertFacts } from "@/lib/alerts/alert-facts";

export const ALERT_KINDS = [
  "threshold",
  "unreserved",
  "spike",
  "forecast",
  "silence",
  "unpriced",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Whom a channel speaks to. */
export const AUDIENCES = ["lead", "finance", "engineering"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What a stage that was crossed does to calls. */
export const ALERT_ACTIONS = ["block", "throttle", "reroute", "lockout"] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** What was found and is to be recorded. Its kind is that of its facts. */
export interface NewAlert {
  /** What it is recorded once for: a second one with this key is the same. At most 1,000 characters are sensible. */
  key: string;
  /** What it is about, whatever its stage or hour: a snooze silences this. */
  subject: string;
  /** null: the whole installation. */
  projectId: string | null;
  /** Of kinds that are about a budget. */
  budgetId: string | null;
  value: string | null;
  period: string | null;
  percent: number | null;
  limitRevision: number | null;
  /** What the stage does; null: it tells. What stops calls is told even while it is snoozed. */
  action: AlertAction | null;
  /** Whose channels are told where `notify` names none. */
  audience: readonly Audience[];
  /** Ids of channels. */
  notify: readonly string[];
  facts: AlertFacts;
  openedAt: Date;
}

/** An alert as it is stored. */
export interface Alert extends NewAlert {
  id: string;
  /** Its deliveries were planned. */
  toldAt: Date | null;
  /** It is over: the spike ended, the source sends again, the model has a price, the period ended. */
  resolvedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedNote: string | null;
}
