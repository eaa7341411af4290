import {
  bigint,
  index,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/**
 * Spools of the installation's processes: how far the counters have followed each. The mark is moved in the transaction
 * that counts, so that an event is counted once whatever crashes.
 */
export const spools = pgTable("spools", {
  /** Made with the spool's directory. */
  id: text().primaryKey(),
  /** Last record that is counted. */
  countedSequence: bigint("counted_sequence", { mode: "number" }).notNull().default(0),
  /** Last entry of what it set aside that was moved here: moved twice after a crash, it is still one. */
  movedKey: bigint("moved_key", { mode: "number" }).notNull().default(0),
  /** Everything this process accepted up to then is in the calls store and counted. */
  freshTo: timestamp("fresh_to", { withTimezone: true }).notNull(),
  /** Everything this process accepted up to then is counted, whether or not it is in the calls store yet. */
  countedTo: timestamp("counted_to", { withTimezone: true }),
  backlogEvents: bigint("backlog_events", { mode: "number" }).notNull().default(0),
  seenAt: timestamp("seen_at", { withTimezone: true }).notNull(),
});

/**
 * What was counted of a project's 15-minute bucket, from the spool and from corrections: the running sums that the
 * integrity job holds against the calls, and rebuilds from them where they differ.
 */
export const spendCounters = pgTable(
  "spend_counters",
  {
    projectId: uuid("project_id").notNull(),
    /** Start of the bucket, seconds since 1970. */
    bucket: bigint({ mode: "number" }).notNull(),
    /** Events of all types that count. */
    events: bigint({ mode: "number" }).notNull(),
    /** Sum of the known costs. */
    costUsd: numeric("cost_usd", { precision: 38, scale: 15 }).notNull(),
    /** Events whose cost is unknown. */
    unknownCosts: bigint("unknown_costs", { mode: "number" }).notNull(),
    changedAt: timestamp("changed_at", { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.bucket] }),
    index("spend_counters_changed").on(table.changedAt),
  ],
);
