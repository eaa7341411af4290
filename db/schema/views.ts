import { sql } from "drizzle-orm";
import { boolean, index, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";

/** Saved views: what a screen was asked, under a name. They hold no figure, so opening one asks anew. */
export const views = pgTable(
  "views",
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    /** A screen of lib/paths.ts. */
    screen: text().notNull(),
    /** The screen's own query without `project`; a relative range stays relative. */
    query: text().notNull(),
    /** The project it shows; null: all that its reader may see. */
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    /** Null: a key made it, so it is everybody's. */
    ownerUserId: uuid("owner_user_id").references(() => users.id, { onDelete: "cascade" }),
    isShared: boolean("is_shared").notNull().default(false),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("views_owner_name_key").on(
      sql`coalesce(${table.ownerUserId}::text, '')`,
      sql`lower(${table.name})`,
    ),
    index("views_project").on(table.projectId),
  ],
);
