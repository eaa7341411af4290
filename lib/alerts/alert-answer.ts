import type { AlertRow, SnoozeRow } from "@/db/queries/alerts";
import type { ChannelRow } from "@/db/queries/channels";
import type { DeliveryAttemptRow, DeliveryRow } from "@/db/queries/deliveries";
import type { Alert } from "@/lib/alerts/alert";
import { readAlertRow } from "@/lib/alerts/alert-row";
import type { AlertAnswer, AlertState, DeliveryAnswer } from "@/lib/alerts/alert-schemas";
import { describeAlert } from "@/lib/alerts/describe-alert";
import { toDescribedAlert } from "@/lib/alerts/described-alert";
import { type Actor, can } from "@/lib/auth/actor";
import { readChannelRow } from "@/lib/channels/channel-row";

/** What an answer is made of beside the alert. */
export interface AlertAnswerContext {
  actor: Actor;
  /** Slugs of the projects that the reader may see, by id. */
  slugs: ReadonlyMap<string, string>;
  deliveries: readonly { alertId: string; delivery: DeliveryRow }[];
  attempts: readonly DeliveryAttemptRow[];
  channels: ReadonlyMap<string, ChannelRow>;
}

/** Shown for a name that belongs to a project that the reader may not see. */
const HIDDEN = "another project's";

/** An alert for people, with who was told. */
export function toAlertAnswer(
  { alert: row, snooze }: { alert: AlertRow; snooze: SnoozeRow | null },
  context: AlertAnswerContext,
): AlertAnswer {
  const alert = readAlertRow(row);
  const isHidden = hidesNames(alert, context);
  const described = toDescribedAlert(alert, context.slugs);
  const shown = isHidden ? withoutNames(described) : described;
  const { kind, title, lines, whatStopsNext, severity, link } = describeAlert(shown);
  const own = context.deliveries.filter(({ alertId }) => alertId === alert.id);
  return {
    id: alert.id,
    kind,
    project: shown.project,
    budget_id: alert.budgetId,
    value: isHidden ? null : shown.value,
    period: isHidden ? null : alert.period,
    percent: alert.percent,
    action: alert.action,
    title,
    lines,
    what_stops_next: whatStopsNext,
    severity,
    facts: isHidden ? null : alert.facts,
    state: stateOf(alert, snooze),
    opened_at: alert.openedAt.toISOString(),
    told_at: alert.toldAt?.toISOString() ?? null,
    resolved_at: alert.resolvedAt?.toISOString() ?? null,
    acknowledged: alert.acknowledgedAt && {
      at: alert.acknowledgedAt.toISOString(),
      by: alert.acknowledgedBy ?? "",
      note: alert.acknowledgedNote ?? "",
    },
    snoozed: snooze && {
      until: snooze.until.toISOString(),
      by: snooze.by,
      reason: snooze.reason,
    },
    audience: [...alert.audience],
    link,
    nobody_told: alert.toldAt !== null && own.length === 0,
    untold_audience: untoldOf(alert, own, context),
    can_handle: can(context.actor, "alerts.handle", alert.projectId),
    deliveries: own.flatMap(({ delivery }) => toDeliveryAnswer(delivery, context) ?? []),
  };
}

function stateOf(alert: Alert, snooze: SnoozeRow | null): AlertState {
  if (alert.resolvedAt) return "resolved";
  if (snooze) return "snoozed";
  return alert.acknowledgedAt ? "acknowledged" : "open";
}

/** Who of its audience heard nothing, since nobody made a channel for them. A stage that names channels tells these alone. */
function untoldOf(
  { toldAt, notify, audience }: Alert,
  own: AlertAnswerContext["deliveries"],
  { channels }: AlertAnswerContext,
): AlertAnswer["untold_audience"] {
  if (toldAt === null || notify.length > 0) return [];
  const told = new Set(own.map(({ delivery }) => channels.get(delivery.channelId)?.audience));
  return audience.filter((one) => !told.has(one));
}

/** What binds every project names agents, users and sessions of all of them; one's own project is one's own. */
function hidesNames(alert: Alert, { actor, slugs }: AlertAnswerContext): boolean {
  if (alert.projectId !== null || can(actor, "alerts.read", null)) return false;
  return alert.value === null || !slugs.has(alert.value);
}

function withoutNames(alert: ReturnType<typeof toDescribedAlert>): typeof alert {
  const { facts, value } = alert;
  const hidden = { ...alert, value: value === null ? null : HIDDEN };
  if (facts.kind === "spike") return { ...hidden, facts: { ...facts, value: HIDDEN } };
  if (facts.kind === "silence") return { ...hidden, facts: { ...facts, source: "A source" } };
  return hidden;
}

function toDeliveryAnswer(
  delivery: DeliveryRow,
  { channels, attempts }: AlertAnswerContext,
): DeliveryAnswer | null {
  const row = channels.get(delivery.channelId);
  if (!row) return null;
  const { id, name, type } = readChannelRow(row);
  return {
    id: delivery.id,
    channel: { id, name, type },
    state: delivery.state as DeliveryAnswer["state"],
    attempts: delivery.attempts,
    resends: delivery.resends,
    last_error: delivery.lastError,
    due_at: delivery.dueAt.toISOString(),
    sent_at: delivery.sentAt?.toISOString() ?? null,
    receipt: delivery.receipt,
    tries: attempts
      .filter(({ deliveryId }) => deliveryId === delivery.id)
      .map(({ at, tookMs, error, status }) => {
        return { at: at.toISOString(), took_ms: tookMs, error, status };
      }),
  };
}
