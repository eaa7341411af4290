import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const instant = (name: string) => timestamp(name, { withTimezone: true });

/**
 * Who runs agents, by their heartbeats: one row for each agent in each process that says so. Times are those of the
 * process of ours that took the heartbeat.
 */
export const instances = pgTable(
  "instances",
  {
    projectId: uuid("project_id").notNull(),
    instanceId: text("instance_id").notNull(),
    /** Empty: without the tag. */
    agent: text().notNull(),
    /** The policy that it obeys. */
    policyVersion: bigint("policy_version", { mode: "number" }).notNull(),
    state: text().notNull(),
    seenAt: instant("seen_at").notNull(),
    firstSeenAt: instant("first_seen_at").notNull().defaultNow(),
    /** Since when it is in this state without a break. */
    stateSince: instant("state_since").notNull(),
    /** Since when it obeys this version. */
    obeysSince: instant("obeys_since").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.instanceId, table.agent] }),
    index("instances_seen").on(table.projectId, table.seenAt),
    check("instances_state", sql`${table.state} in ('running', 'halted')`),
  ],
);
