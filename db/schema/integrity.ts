import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  integer,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const usd = (name: string) => numeric(name, { precision: 38, scale: 15 });

/**
 * The last comparison of a project's UTC day: the calls, their rollups and the counters. Null where there is nothing to
 * compare with (no clean rollup yet, calls that expired), which is not the same as zero.
 */
export const integrityDays = pgTable(
  "integrity_days",
  {
    projectId: uuid("project_id").notNull(),
    day: date({ mode: "string" }).notNull(),
    checkedAt: timestamp("checked_at", { withTimezone: true }).notNull(),
    state: text({ enum: ["equal", "moving", "different", "repaired", "sealed"] }).notNull(),
    /** The state of the day's buckets that was compared: another one is compared anew. */
    change: text().notNull().default(""),
    callsEvents: bigint("calls_events", { mode: "number" }),
    /** LLM calls among the events: what rollups count. */
    callsLlm: bigint("calls_llm", { mode: "number" }),
    callsUsd: usd("calls_usd"),
    /** LLM calls: rollups count no other type of event, and add up the cost of all. */
    rollupEvents: bigint("rollup_events", { mode: "number" }),
    rollupUsd: usd("rollup_usd"),
    counterEvents: bigint("counter_events", { mode: "number" }),
    counterUsd: usd("counter_usd"),
    /** Largest difference among the three, added up over the buckets; of a repaired day what it was. Null: not known. */
    differenceUsd: usd("difference_usd"),
    /** Why it is moving, or what differs, in words. */
    note: text(),
    /** What was repaired, and by how much, in words; null: nothing ever. */
    repair: text(),
    repairedAt: timestamp("repaired_at", { withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.day] }),
    check(
      "integrity_days_state",
      sql`${table.state} in ('equal', 'moving', 'different', 'repaired', 'sealed')`,
    ),
  ],
);

/**
 * The last time that a budget's counters were held against the ledger: built anew from it, and compared in the
 * transaction in which the new ones took the place of the old.
 */
export const budgetChecks = pgTable(
  "budget_checks",
  {
    budgetId: uuid("budget_id").primaryKey(),
    checkedAt: timestamp("checked_at", { withTimezone: true }).notNull(),
    /** `repaired`: they differed, and what was counted anew is in their place. */
    state: text({ enum: ["equal", "repaired"] }).notNull(),
    /** Values and periods that differed, and by how many dollars, added up without their signs. */
    counters: integer().notNull().default(0),
    differenceUsd: usd("difference_usd").notNull().default("0"),
    /** When it last differed; null: never. */
    repairedAt: timestamp("repaired_at", { withTimezone: true }),
  },
  (table) => [check("budget_checks_state", sql`${table.state} in ('equal', 'repaired')`)],
);

/** Runs of the integrity job, newest kept. */
export const integrityRuns = pgTable("integrity_runs", {
  id: uuid().primaryKey().defaultRandom(),
  startedAt: timestamp("started_at", { withTimezone: true }).notNull(),
  finishedAt: timestamp("finished_at", { withTimezone: true }),
  days: integer().notNull().default(0),
  differences: integer().notNull().default(0),
  /** Every day was looked at; false: only those that changed. */
  isFull: boolean("is_full").notNull().default(false),
  error: text(),
});
