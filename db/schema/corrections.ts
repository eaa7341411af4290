import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** US dollars to 1e-15, always a string in and out. */
const usd = (name: string) => numeric(name, { precision: 38, scale: 15 });

/**
 * Corrections of calls: what somebody asked for, how far it is, and what it changed. A job works them off one after
 * another. No foreign keys: a correction outlives the project it was made in, as its audit row does.
 */
export const corrections = pgTable(
  "corrections",
  {
    id: uuid().primaryKey().defaultRandom(),
    kind: text({ enum: ["reprice", "void", "restore", "erase"] }).notNull(),
    projectIds: text("project_ids").array().notNull(),
    /** A dry run's price that is not in the book: what it would change if it were. */
    proposal: jsonb(),
    /** Event time in microseconds since 1970; `to` excluded. */
    fromUs: bigint("from_us", { mode: "number" }).notNull(),
    toUs: bigint("to_us", { mode: "number" }).notNull(),
    /** `{dimension, values}[]`. Emptied when an erasure is done: it would keep the name that was erased. */
    filters: jsonb().notNull().default([]),
    isDryRun: boolean("is_dry_run").notNull().default(false),
    reason: text().notNull(),
    authorType: text("author_type", { enum: ["user", "key", "system"] }).notNull(),
    authorId: text("author_id").notNull(),
    authorName: text("author_name").notNull(),
    state: text({ enum: ["queued", "running", "done", "failed", "cancelled"] })
      .notNull()
      .default("queued"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    startedAt: timestamp("started_at", { withTimezone: true }),
    finishedAt: timestamp("finished_at", { withTimezone: true }),
    /** The last call looked at, `[project, bucket, id]`: a restart goes on behind it. */
    position: jsonb(),
    callsTotal: bigint("calls_total", { mode: "number" }),
    callsSeen: bigint("calls_seen", { mode: "number" }).notNull().default(0),
    callsChanged: bigint("calls_changed", { mode: "number" }).notNull().default(0),
    /** Sums over the calls that change: known costs before and after, and how many were unknown. */
    beforeUsd: usd("before_usd").notNull().default("0"),
    afterUsd: usd("after_usd").notNull().default("0"),
    unknownBefore: bigint("unknown_before", { mode: "number" }).notNull().default(0),
    unknownAfter: bigint("unknown_after", { mode: "number" }).notNull().default(0),
    /** The same sums by provider and model. */
    models: jsonb().notNull().default([]),
    /** Why it failed, in one sentence. */
    error: text(),
  },
  (table) => [
    index("corrections_created").on(table.createdAt),
    check("corrections_kind", sql`${table.kind} in ('reprice', 'void', 'restore', 'erase')`),
    check(
      "corrections_state",
      sql`${table.state} in ('queued', 'running', 'done', 'failed', 'cancelled')`,
    ),
  ],
);
