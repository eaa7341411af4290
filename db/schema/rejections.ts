import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";

/**
 * Samples of events that did not count: refused by our rules (rejected), known with other content (conflict), or
 * accepted and refused by the calls store (poisoned: every one of them is kept). How many there were is in
 * `rejection_counts`.
 */
export const rejections = pgTable(
  "rejections",
  {
    id: uuid().primaryKey().defaultRandom(),
    projectId: uuid("project_id").notNull(),
    kind: text({ enum: ["rejected", "conflict", "poisoned"] }).notNull(),
    /** What is wrong, without the event's own values: events with the same one are one fault. */
    fingerprint: text().notNull(),
    apiKeyId: text("api_key_id"),
    /** The event's own id; null where it had none that can be shown. */
    eventId: text("event_id"),
    /** `[{path, message}]`. */
    errors: jsonb().notNull(),
    /**
     * The event's JSON as it was sent, without prompts and answers; of a poisoned one the row that was to be inserted,
     * without its arrival.
     */
    body: text().notNull(),
    /** The body is only a part of it, and cannot be tried again. */
    isTruncated: boolean("is_truncated").notNull().default(false),
    /** Prompts and answers were left out of the body. */
    isContentDropped: boolean("is_content_dropped").notNull().default(false),
    receivedAt: timestamp("received_at", { withTimezone: true }).notNull(),
    state: text({ enum: ["open", "retrying", "accepted"] })
      .notNull()
      .default("open"),
    /** When it was last asked for; a part of a poisoned event's identity while it is tried again. */
    retriedAt: timestamp("retried_at", { withTimezone: true }),
    /** Spool and place it came from. That spool's process tries it again: its identities tell a repeat. */
    spoolId: text("spool_id").notNull(),
    spoolKey: bigint("spool_key", { mode: "number" }).notNull(),
  },
  (table) => [
    unique("rejections_spool_key").on(table.spoolId, table.spoolKey),
    index("rejections_project_received").on(table.projectId, table.receivedAt),
    index("rejections_retrying").on(table.retriedAt).where(sql`${table.state} = 'retrying'`),
    check("rejections_kind", sql`${table.kind} in ('rejected', 'conflict', 'poisoned')`),
    check("rejections_state", sql`${table.state} in ('open', 'retrying', 'accepted')`),
  ],
);

/** How many events of a fault came on a UTC day. */
export const rejectionCounts = pgTable(
  "rejection_counts",
  {
    projectId: uuid("project_id").notNull(),
    day: date({ mode: "string" }).notNull(),
    kind: text({ enum: ["rejected", "conflict", "poisoned"] }).notNull(),
    fingerprint: text().notNull(),
    /** The fault in words, of the first event that had it. */
    message: text().notNull(),
    events: bigint({ mode: "number" }).notNull(),
    lastAt: timestamp("last_at", { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.day, table.kind, table.fingerprint] })],
);
