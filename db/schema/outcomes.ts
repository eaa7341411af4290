import { sql } from "drizzle-orm";
import {
  check,
  index,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** How tasks ended, as it was told. The first of an id stays as it came, but for an erased session. */
export const outcomes = pgTable(
  "outcomes",
  {
    projectId: uuid("project_id").notNull(),
    id: text().notNull(),
    task: text().notNull(),
    taskType: text("task_type"),
    session: text(),
    feature: text(),
    status: text({ enum: ["success", "failure"] }).notNull(),
    /** US dollars to 1e-15, always a string in and out. Null: not told. */
    valueUsd: numeric("value_usd", { precision: 38, scale: 15 }),
    /** To the microsecond, which a Date would lose. */
    timestamp: timestamp({ withTimezone: true, mode: "string" }).notNull(),
    receivedAt: timestamp("received_at", { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index("outcomes_time").on(table.projectId, table.timestamp),
    index("outcomes_session")
      .on(table.projectId, table.session, table.timestamp)
      .where(sql`${table.session} is not null`),
    index("outcomes_task")
      .on(table.projectId, table.task, table.timestamp)
      .where(sql`${table.session} is null`),
    check("outcomes_status", sql`${table.status} in ('success', 'failure')`),
    check("outcomes_value", sql`${table.valueUsd} >= 0`),
  ],
);
