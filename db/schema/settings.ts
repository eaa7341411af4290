import { sql } from "drizzle-orm";
import { check, pgTable, smallint, text, timestamp } from "drizzle-orm/pg-core";

/** The organisation's own settings: exactly one row, made by the migration. */
export const settings = pgTable(
  "settings",
  {
    id: smallint().primaryKey().default(1),
    organisationName: text("organisation_name").notNull().default(""),
    /** IANA zone; null until an admin sets it: OUTLAY_TIME_ZONE counts. */
    timeZone: text("time_zone"),
    /** Dimensions whose coverage the Overview shows; null until an admin chooses: those that are in use. */
    coverageTags: text("coverage_tags").array(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [check("settings_one_row", sql`${table.id} = 1`)],
);

/** Secrets that every process of a server installation must share; an embedded one keeps a file instead. */
export const installationSecrets = pgTable("installation_secrets", {
  name: text().primaryKey(),
  value: text().notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
});

/** One-time links that make the first admin. Deleted when one is used. */
export const setupTokens = pgTable("setup_tokens", {
  /** SHA-256 of the token, in hex. */
  hash: text().primaryKey(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});
