import { z } from "zod";
import { ALERT_ACTIONS, ALERT_KINDS, AUDIENCES } from "@/lib/alerts/alert";
import { SEVERITIES } from "@/lib/alerts/describe-alert";
import { CHANNEL_TYPES } from "@/lib/channels/channel";

export const ALERT_STATES = ["open", "acknowledged", "snoozed", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];
const DELIVERY_STATES = ["pending", "sent", "dead", "cancelled", "silenced"] as const;

const time = z.iso.datetime();
export const MAX_SNOOZE_MINUTES = 90 * 24 * 60;

/** Query of GET /api/alerts. */
export const alertsQuerySchema = z.strictObject({
  kind: z.enum(ALERT_KINDS).optional(),
  state: z.enum(ALERT_STATES).optional(),
  budget: z.uuid().optional().meta({ description: "Id of the budget that they are about." }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});
export type AlertsQuery = z.output<typeof alertsQuerySchema>;

export const alertParamsSchema = z.object({ id: z.uuid() });

/** Body of POST /api/alerts/{id}/acknowledge. */
export const acknowledgeAlertSchema = z.strictObject({
  note: z.string().trim().max(2000).default(""),
});
export type AcknowledgeAlertInput = z.output<typeof acknowledgeAlertSchema>;

/** Body of POST /api/alerts/{id}/snooze. */
export const snoozeAlertSchema = z
  .strictObject({
    until: z.iso
      .datetime({ offset: true, error: "must be an RFC 3339 time" })
      .nullable()
      .optional()
      .meta({ description: "null ends the snooze." }),
    minutes: z.int().min(1).max(MAX_SNOOZE_MINUTES).optional(),
    reason: z.string().trim().max(2000).default(""),
  })
  .refine(({ until, minutes }) => (until === undefined) !== (minutes === undefined), {
    error: "is given instead of minutes: one of the two, until null to end a snooze",
    path: ["until"],
  });
export type SnoozeAlertInput = z.output<typeof snoozeAlertSchema>;

/** Body of POST /api/alerts/{id}/resend. */
export const resendAlertSchema = z
  .strictObject({
    delivery_id: z.uuid().optional(),
    channel: z.uuid().optional().meta({
      description: "Id of a channel, also one that was not told yet. Neither: all that were told.",
    }),
  })
  .refine((body) => body.delivery_id === undefined || body.channel === undefined, {
    error: "is given beside delivery_id: name one of the two",
    path: ["channel"],
  });
export type ResendAlertInput = z.output<typeof resendAlertSchema>;

const deliverySchema = z.object({
  id: z.uuid(),
  channel: z.object({ id: z.uuid(), name: z.string(), type: z.enum(CHANNEL_TYPES) }),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int().meta({ description: "Since it was sent, or sent again." }),
  resends: z.int(),
  last_error: z.string().nullable(),
  due_at: time,
  sent_at: time.nullable(),
  receipt: z.string().nullable().meta({ description: "What the channel said when it took it." }),
  tries: z.array(
    z.object({
      at: time,
      took_ms: z.int(),
      error: z.string().nullable(),
      status: z.int().nullable(),
    }),
  ),
});

/** An alert as it is answered, with who was told. */
export const alertSchema = z.object({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  project: z.string().nullable(),
  budget_id: z.uuid().nullable(),
  value: z.string().nullable().meta({
    description: "Of a budget of the installation null for a reader of one project.",
  }),
  period: z.string().nullable(),
  percent: z.number().nullable(),
  action: z.enum(ALERT_ACTIONS).nullable(),
  title: z.string(),
  lines: z.array(z.string()),
  what_stops_next: z.string(),
  severity: z.enum(SEVERITIES),
  facts: z.record(z.string(), z.unknown()).nullable().meta({
    description:
      "As recorded, by kind. Money is decimal strings. null where they would name what the reader may not see.",
  }),
  state: z.enum(ALERT_STATES),
  opened_at: time,
  told_at: time.nullable(),
  resolved_at: time.nullable(),
  acknowledged: z.object({ at: time, by: z.string(), note: z.string() }).nullable(),
  snoozed: z.object({ until: time, by: z.string(), reason: z.string() }).nullable(),
  audience: z.array(z.enum(AUDIENCES)),
  link: z.string().meta({ description: "Path of the page that acts on it." }),
  nobody_told: z.boolean().meta({
    description: "It was told and no channel was there for it.",
  }),
  untold_audience: z.array(z.enum(AUDIENCES)).meta({
    description: "Of its audience those that no channel was there for.",
  }),
  can_handle: z.boolean(),
  deliveries: z.array(deliverySchema),
});
export type AlertAnswer = z.output<typeof alertSchema>;
export type DeliveryAnswer = z.output<typeof deliverySchema>;

/** Answer of GET /api/alerts, latest first. */
export const alertListSchema = z.object({
  alerts: z.array(alertSchema),
  next_cursor: z.string().nullable(),
});
export type AlertListAnswer = z.output<typeof alertListSchema>;
