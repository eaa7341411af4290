import { boolean, index, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";

/** Keys of machines. Only a SHA-256 is kept: 256 random bits need no slow hash. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid().primaryKey().defaultRandom(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text().notNull(),
    /** SHA-256 of the key, in hex. */
    hash: text().notNull().unique("api_keys_hash_key"),
    /** First characters of the key, so that a person can tell two keys apart. */
    prefix: text().notNull(),
    scopes: text().array().notNull(),
    /** Acts on every project and on global objects. */
    isInstallation: boolean("is_installation").notNull().default(false),
    /** Null where the process itself (OUTLAY_API_KEY) or another key made it; the audit row has the actor. */
    createdByUserId: uuid("created_by_user_id").references(() => users.id, {
      onDelete: "set null",
    }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    /** To the minute: written at most once a minute for a key. */
    lastUsedAt: timestamp("last_used_at", { withTimezone: true }),
    revokedAt: timestamp("revoked_at", { withTimezone: true }),
  },
  (table) => [index("api_keys_project").on(table.projectId)],
);
