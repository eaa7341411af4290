import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const instant = (name: string) => timestamp(name, { withTimezone: true });
const names = (name: string) => text(name).array().notNull().default(sql`'{}'`);

/**
 * What somebody is to be told of: a budget's stage that was crossed, a spike, a source that fell silent. It is recorded
 * in the transaction that found it, once, and told afterwards; who was told stands in `deliveries`.
 */
export const alerts = pgTable(
  "alerts",
  {
    id: uuid().primaryKey().defaultRandom(),
    /** `threshold`, `unreserved`, `spike`, `forecast`, `silence` or `unpriced`. */
    kind: text().notNull(),
    /** What it is recorded once for: a second one with this key is the same. */
    key: text().notNull(),
    /** What it is about, whatever its stage or hour: a snooze silences this. */
    subject: text().notNull(),
    /** Null: the whole installation. No foreign key: what was told outlives it. */
    projectId: uuid("project_id"),
    /** Of kinds that are about a budget: its counter, and the revision of the limit that was passed. */
    budgetId: uuid("budget_id"),
    value: text(),
    period: text(),
    percent: numeric({ precision: 8, scale: 2 }),
    limitRevision: integer("limit_revision"),
    /** What the stage does: `block`, `throttle`, `reroute`, `lockout`; null: it tells. */
    action: text(),
    /** `lead`, `finance`, `engineering`: whose channels are told where `notify` names none. */
    audience: names("audience"),
    /** Ids of channels. */
    notify: names("notify"),
    /** As it was when it was recorded, money as decimal strings: `lib/alerts/alert-facts.ts`. */
    facts: jsonb().notNull(),
    openedAt: instant("opened_at").notNull().defaultNow(),
    /** Its deliveries were planned. */
    toldAt: instant("told_at"),
    /** It is over: the spike ended, the source sends again, the model has a price, the period ended. */
    resolvedAt: instant("resolved_at"),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedBy: text("acknowledged_by"),
    acknowledgedNote: text("acknowledged_note"),
  },
  (table) => [
    uniqueIndex("alerts_key").on(table.key),
    index("alerts_untold").on(table.openedAt).where(sql`${table.toldAt} is null`),
    index("alerts_opened").on(table.openedAt, table.id),
    index("alerts_budget").on(table.budgetId, table.openedAt),
    index("alerts_open_subject")
      .on(table.kind, table.subject)
      .where(sql`${table.resolvedAt} is null`),
    check(
      "alerts_kind",
      sql`${table.kind} in ('threshold', 'unreserved', 'spike', 'forecast', 'silence', 'unpriced')`,
    ),
  ],
);

/** Subjects that nobody is told of for a while, unless something was stopped. */
export const alertSnoozes = pgTable("alert_snoozes", {
  subject: text().primaryKey(),
  until: instant("until").notNull(),
  by: text().notNull(),
  reason: text().notNull().default(""),
  at: instant("at").notNull().defaultNow(),
});

/** Which kinds of alerts are raised, from which amount on, and for whom. Without a row: `lib/alerts/alert-rules.ts`. */
export const alertRules = pgTable(
  "alert_rules",
  {
    id: uuid().primaryKey().defaultRandom(),
    kind: text().notNull(),
    /** Null: every project without a rule of its own. */
    projectId: uuid("project_id"),
    enabled: boolean().notNull(),
    /** US dollars below which nobody is told. */
    floorUsd: numeric("floor_usd", { precision: 38, scale: 15 }).notNull(),
    audience: names("audience"),
    /** What only this kind has: a spike's multiple, the minutes of a silence, the share of unpriced calls. */
    options: jsonb().notNull().default({}),
    updatedBy: text("updated_by").notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("alert_rules_place").on(
      table.kind,
      sql`coalesce(${table.projectId}, '00000000-0000-0000-0000-000000000000'::uuid)`,
    ),
  ],
);

/** Where notices go. */
export const channels = pgTable(
  "channels",
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Null: of every project. */
    projectId: uuid("project_id"),
    name: text().notNull(),
    type: text().notNull(),
    /** Addresses, tokens, signing secrets: JSON, encrypted (`lib/channels/seal.ts`). */
    config: text().notNull(),
    audience: text().notNull(),
    /** `{project?, kind?, agent?, feature?}`, lists of names: only notices of one of each are sent. Empty: all. */
    match: jsonb().notNull().default({}),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    /** Set: nothing is sent any more; what was sent stays. */
    archivedAt: instant("archived_at"),
  },
  (table) => [
    check("channels_type", sql`${table.type} in ('webhook', 'slack', 'email', 'pagerduty')`),
    check("channels_audience", sql`${table.audience} in ('lead', 'finance', 'engineering')`),
  ],
);

/**
 * The outbox: one row a notice and channel. Planned in the transaction that marks its alerts told; sent by whoever claims
 * it; sent again until the channel takes it or its tries are used up.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    /** Also what the receiver sees: two tries of one notice carry one id. */
    id: uuid().primaryKey().defaultRandom(),
    channelId: uuid("channel_id").notNull(),
    /** Alerts that may be told together: those of one stage of a budget of each value. Null: one alert. */
    digestKey: text("digest_key"),
    /** `pending`, `sent`, `dead` (given up), `cancelled` (its channel is gone) or `silenced` (by a snooze). */
    state: text().notNull().default("pending"),
    attempts: integer().notNull().default(0),
    /** How often a person had it sent again: each is another notice to the receiver. */
    resends: integer().notNull().default(0),
    dueAt: instant("due_at").notNull(),
    /** Somebody is sending it until then; past it, it is free again. */
    claimedUntil: instant("claimed_until"),
    lastError: text("last_error"),
    sentAt: instant("sent_at"),
    /** What the channel said when it took it: a status, a message's id. */
    receipt: text(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [
    index("deliveries_waiting")
      .on(table.channelId, table.dueAt, table.id)
      .where(sql`${table.state} = 'pending'`),
    index("deliveries_channel").on(table.channelId, table.createdAt),
    uniqueIndex("deliveries_digest")
      .on(table.channelId, table.digestKey)
      .where(sql`${table.state} = 'pending' and ${table.attempts} = 0`),
    check(
      "deliveries_state",
      sql`${table.state} in ('pending', 'sent', 'dead', 'cancelled', 'silenced')`,
    ),
  ],
);

/** The alerts of a notice. An alert is told once a channel. */
export const deliveryAlerts = pgTable(
  "delivery_alerts",
  {
    alertId: uuid("alert_id").notNull(),
    channelId: uuid("channel_id").notNull(),
    deliveryId: uuid("delivery_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.alertId, table.channelId] }),
    index("delivery_alerts_delivery").on(table.deliveryId),
  ],
);

/** Each try of a delivery, and what came of it. */
export const deliveryAttempts = pgTable(
  "delivery_attempts",
  {
    deliveryId: uuid("delivery_id").notNull(),
    attempt: integer().notNull(),
    at: instant("at").notNull(),
    tookMs: integer("took_ms").notNull(),
    /** Null: it was taken. */
    error: text(),
    /** HTTP or SMTP status; null: no answer. */
    status: integer(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.attempt] })],
);
