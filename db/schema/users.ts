import { sql } from "drizzle-orm";
import { check, pgTable, text, timestamp, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { projects } from "@/db/schema/projects";
import { ROLES } from "@/lib/permissions";

/** People who sign in. */
export const users = pgTable(
  "users",
  {
    id: uuid().primaryKey().defaultRandom(),
    email: text().notNull(),
    name: text().notNull(),
    /** `scrypt$N$r$p$salt$hash`, see lib/auth/password.ts. Null: none was chosen yet, so nothing signs in. */
    passwordHash: text("password_hash"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    /** Set: cannot sign in, and every open session ends at its next request. */
    disabledAt: timestamp("disabled_at", { withTimezone: true }),
  },
  (table) => [uniqueIndex("users_email_key").on(sql`lower(${table.email})`)],
);

/** Who may do what where. `project_id` null means every project, now and later. */
export const memberships = pgTable(
  "memberships",
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    role: text({ enum: [...ROLES] }).notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique("memberships_user_project_key").on(table.userId, table.projectId).nullsNotDistinct(),
    check("memberships_role", sql`${table.role} in ('viewer', 'finance', 'engineer', 'admin')`),
  ],
);

/**
 * A sign-in. next-auth's credentials give tokens that cannot be taken back, so the token only names
 * this row, and the row is asked at each request.
 */
export const userSessions = pgTable("user_sessions", {
  id: uuid().primaryKey().defaultRandom(),
  userId: uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  revokedAt: timestamp("revoked_at", { withTimezone: true }),
});

/** One-time links with which a person chooses a password. Deleted when one is used, or a newer one is made. */
export const userSetupLinks = pgTable("user_setup_links", {
  /** SHA-256 of the token, in hex. */
  hash: text().primaryKey(),
  userId: uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});
