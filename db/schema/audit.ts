import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * Who changed what. Written in the transaction of the change. No foreign keys: a row outlives the
 * person, key and project it names.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: uuid().primaryKey().defaultRandom(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    actorType: text("actor_type", { enum: ["user", "key", "system"] }).notNull(),
    /** Id of the user or key; the name of the job for `system`. */
    actorId: text("actor_id").notNull(),
    /** As they were called then: a key or person may be renamed later. */
    actorName: text("actor_name").notNull(),
    /** Null for what belongs to no project. */
    projectId: uuid("project_id"),
    /** `key.create`, `price.close`, … */
    action: text().notNull(),
    targetType: text("target_type").notNull(),
    targetId: text("target_id").notNull(),
    before: jsonb(),
    after: jsonb(),
    requestId: text("request_id"),
  },
  (table) => [
    index("audit_events_at").on(table.at),
    index("audit_events_project_at").on(table.projectId, table.at),
    index("audit_events_target").on(table.targetType, table.targetId, table.at),
    check("audit_events_actor_type", sql`${table.actorType} in ('user', 'key', 'system')`),
  ],
);
