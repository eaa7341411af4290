import { sql } from "drizzle-orm";
import { bigint, check, numeric, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";

/**
 * US dollars with up to 9 decimals: tokens x price per million is then a whole number of 1e-15 USD.
 * Always a string in and out.
 */
const usd = (name: string) => numeric(name, { precision: 24, scale: 9 });

/**
 * Prices an operator set, as dated intervals `[effective_from, effective_to)`. A price is never
 * changed: it is closed and another one added, so that an old sum can be redone. Two intervals of one
 * key never overlap; the exclusion constraint `price_overrides_no_overlap` (in the migration, drizzle
 * has no word for it) guarantees that whatever the code does.
 */
export const priceOverrides = pgTable(
  "price_overrides",
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Null: every project. A project's own override wins. */
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    provider: text().notNull(),
    model: text().notNull(),
    /** Catalogue name whose prices this model has, instead of prices of its own. */
    mapsTo: text("maps_to"),
    /** Service tier it is for; null: any without an override of its own. */
    tier: text(),
    region: text(),
    /** Holds for calls with more input tokens than this; null: any. */
    contextOver: bigint("context_over", { mode: "number" }),
    effectiveFrom: timestamp("effective_from", { withTimezone: true }).notNull(),
    /** Null: open. */
    effectiveTo: timestamp("effective_to", { withTimezone: true }),
    inputPerMtok: usd("input_per_mtok"),
    cacheReadPerMtok: usd("cache_read_per_mtok"),
    cacheWrite5mPerMtok: usd("cache_write_5m_per_mtok"),
    cacheWrite1hPerMtok: usd("cache_write_1h_per_mtok"),
    outputPerMtok: usd("output_per_mtok"),
    inputAudioPerMtok: usd("input_audio_per_mtok"),
    outputAudioPerMtok: usd("output_audio_per_mtok"),
    webSearchPer1k: usd("web_search_per_1k"),
    usdPerGpuHour: usd("usd_per_gpu_hour"),
    note: text().notNull(),
    createdByUserId: uuid("created_by_user_id").references(() => users.id, {
      onDelete: "set null",
    }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    check(
      "price_overrides_interval",
      sql`${table.effectiveTo} is null or ${table.effectiveTo} > ${table.effectiveFrom}`,
    ),
  ],
);
