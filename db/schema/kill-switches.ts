import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";

const instant = (name: string) => timestamp(name, { withTimezone: true });

/** Switches that stop calls. One row a scope and value; its history is in the audit. */
export const killSwitches = pgTable(
  "kill_switches",
  {
    id: uuid().primaryKey().defaultRandom(),
    scope: text().notNull(),
    /** Null: `global`. */
    projectId: uuid("project_id"),
    /** Null where the scope has no values (`global`, `project`). */
    value: text(),
    engagedAt: instant("engaged_at"),
    engagedBy: text("engaged_by"),
    /** The policy's version that engaged it: an agent that obeys this one or a later one knows it. */
    engagedVersion: bigint("engaged_version", { mode: "number" }),
    reason: text().notNull().default(""),
    /** Ends by itself; null: until it is released. */
    until: instant("until"),
    releasedAt: instant("released_at"),
    releasedBy: text("released_by"),
    releaseReason: text("release_reason"),
  },
  (table) => [
    uniqueIndex("kill_switches_target").on(
      table.scope,
      sql`coalesce(${table.projectId}, '00000000-0000-0000-0000-000000000000'::uuid)`,
      sql`coalesce(${table.value}, '')`,
    ),
    check(
      "kill_switches_scope",
      sql`${table.scope} in ('global', 'project', 'agent', 'feature', 'user', 'model')`,
    ),
  ],
);
