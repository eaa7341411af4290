import { jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * Revisions of calls that linking traces came to, while they are being written: stored before the first row, deleted in
 * the transaction that moves the counters. One that is found was cut short, and is done again.
 */
export const linkBatches = pgTable("link_batches", {
  /** The revisions carry it as their correction's id. */
  id: uuid().primaryKey().defaultRandom(),
  projectId: text("project_id").notNull(),
  /** `LinkChange[]` of lib/traces/link-change.ts. */
  changes: jsonb().notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});
