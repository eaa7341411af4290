import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";
import type { TagMapping } from "@/lib/traces/tag-mapping";

/** The border of everything: an id, tag, trace or session is unique within its project. */
export const projects = pgTable(
  "projects",
  {
    id: uuid().primaryKey().defaultRandom(),
    slug: text().notNull(),
    name: text().notNull(),
    /** Made by the demo: marked on every screen, and the only kind that can be removed. */
    isDemo: boolean("is_demo").notNull().default(false),
    /** A call's `reported_cost_usd` is its cost; otherwise it is only shown beside ours. */
    trustsReportedCost: boolean("trusts_reported_cost").notNull().default(false),
    /** Attribution tags every call must carry: ingest flags a call without them, the guard refuses it. */
    requiredTags: text("required_tags").array().notNull().default(sql`'{}'::text[]`),
    /** Prompts and answers are stored. Off until somebody decides it: they can hold anything. */
    keepsContent: boolean("keeps_content").notNull().default(false),
    /** Whole days after which a prompt and its answer are deleted; their call stays. */
    contentRetentionDays: integer("content_retention_days").notNull().default(30),
    /** What the project has redacted besides our own list. */
    redactionPatterns: jsonb("redaction_patterns")
      .$type<RedactionPattern[]>()
      .notNull()
      .default(sql`'[]'::jsonb`),
    /** Where the project's spans keep its tags; checked when it was saved. */
    tagMapping: jsonb("tag_mapping").$type<TagMapping>().notNull().default(sql`'[]'::jsonb`),
    /** What a reservation is answered while budgets are out of reach: null decides by mode, closed where one is strict. */
    failMode: text("fail_mode", { enum: ["open", "closed"] }),
    /** Whole days after which a call's detail is deleted and its sums are sealed; null: kept for ever. */
    retentionDays: integer("retention_days"),
    /** Calls of UTC days before this one were deleted; null: none. */
    sealedBefore: timestamp("sealed_before", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
    /** Set: gone for everybody. Its id is never used again, so late events stay out of sight. */
    archivedAt: timestamp("archived_at", { withTimezone: true }),
  },
  (table) => [
    // A removed demo gives its slug back.
    uniqueIndex("projects_slug_key").on(table.slug).where(sql`${table.archivedAt} is null`),
    check("projects_retention_days", sql`${table.retentionDays} >= 1`),
    check("projects_content_retention_days", sql`${table.contentRetentionDays} between 1 and 365`),
  ],
);
