import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** US dollars to 1e-15, always a string in and out. */
const usd = (name: string) => numeric(name, { precision: 38, scale: 15 });
const count = (name: string) => bigint(name, { mode: "bigint" });
const instant = (name: string) => timestamp(name, { withTimezone: true });

/**
 * The one row that orders every change of what is decided (a budget, a kill switch) against every decision: a change
 * holds it for update, a decision and a count for share. So a switch holds for the very next reservation, and nobody
 * counts by a list of budgets that is not the current one.
 */
export const policy = pgTable(
  "policy",
  {
    id: smallint().primaryKey().default(1),
    version: bigint({ mode: "number" }).notNull().default(1),
  },
  (table) => [check("policy_one_row", sql`${table.id} = 1`)],
);

/** Caps on spending. No foreign key: what was spent against a budget outlives the project it was made in. */
export const budgets = pgTable(
  "budgets",
  {
    id: uuid().primaryKey().defaultRandom(),
    /** Null: the whole installation (scope `global`, or `project` for each one). */
    projectId: uuid("project_id"),
    name: text().notNull(),
    /** Who answers for it, as people call them. */
    owner: text().notNull().default(""),
    scope: text().notNull(),
    /** A name; `*`: each one by itself; null: calls without this tag. Null too where the scope has no values. */
    value: text(),
    window: text().notNull(),
    /** IANA zone in which its days begin. */
    timeZone: text("time_zone").notNull(),
    /** ISO weekday on which its weeks begin, 1 Monday to 7 Sunday. */
    weekStart: smallint("week_start").notNull().default(1),
    /** Day on which its months begin; in a shorter month the last day. */
    monthDay: smallint("month_day").notNull().default(1),
    limitUsd: usd("limit_usd"),
    limitTokens: count("limit_tokens"),
    limitCalls: count("limit_calls"),
    limitToolCalls: count("limit_tool_calls"),
    limitSeconds: count("limit_seconds"),
    mode: text().notNull(),
    action: text().notNull(),
    throttlePerMinute: integer("throttle_per_minute"),
    rerouteTo: text("reroute_to"),
    /** What a call without a price does to it: `warn`, `block`, or `rate`. */
    unpriced: text().notNull(),
    /** With `rate`: US dollars per million tokens. */
    unpricedUsdPerMtok: numeric("unpriced_usd_per_mtok", { precision: 24, scale: 9 }),
    /** `{percent, notify, audience?, action?}[]`, ascending. */
    thresholds: jsonb().notNull().default([]),
    /** Grows with every change of a limit: what was told and locked under another one says nothing of this one. */
    limitRevision: integer("limit_revision").notNull().default(1),
    /** Counters of this generation decide; 0: not counted from the ledger yet, so nothing is decided by it. */
    generation: integer().notNull().default(0),
    /** The generation that is being built: events that arrive after `nextAfterUs` are counted into it as well. */
    nextGeneration: integer("next_generation"),
    /**
     * Arrival, microseconds since 1970: what arrived up to then, and is of it, is summed from the calls. It stays when
     * that generation has become the current one.
     */
    nextAfterUs: bigint("next_after_us", { mode: "number" }),
    /** Calls before it had expired when it was first counted: periods that began before are too low. null: none had. */
    countedFrom: instant("counted_from"),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    /** Set: it decides nothing any more; its history stays. */
    archivedAt: instant("archived_at"),
  },
  (table) => [
    index("budgets_project").on(table.projectId),
    check("budgets_mode", sql`${table.mode} in ('observe', 'enforce', 'strict')`),
    check("budgets_action", sql`${table.action} in ('block', 'throttle', 'reroute')`),
    check("budgets_unpriced", sql`${table.unpriced} in ('warn', 'block', 'rate')`),
  ],
);

/**
 * What was spent and is held, by budget, value and period. `spent` moves with the counters reader's mark, in its
 * transaction; `reserved` with reservations. Rows are locked in the order of their key.
 */
export const budgetCounters = pgTable(
  "budget_counters",
  {
    budgetId: uuid("budget_id").notNull(),
    generation: integer().notNull(),
    /** Empty: calls without the tag, or a scope without values. */
    value: text().notNull(),
    /** Start of a calendar window as RFC 3339 in UTC; a session or trace id (empty: calls without one). */
    period: text().notNull(),
    spentUsd: usd("spent_usd").notNull().default("0"),
    spentTokens: count("spent_tokens").notNull().default(sql`0`),
    spentCalls: count("spent_calls").notNull().default(sql`0`),
    spentToolCalls: count("spent_tool_calls").notNull().default(sql`0`),
    /** Milliseconds that model and tool calls took. */
    spentMs: count("spent_ms").notNull().default(sql`0`),
    /** Events whose cost is unknown and that `unpriced` gave none. */
    unknownCosts: count("unknown_costs").notNull().default(sql`0`),
    /** Of `spent_usd`: what no hold covered. */
    unreservedUsd: usd("unreserved_usd").notNull().default("0"),
    unreservedEvents: count("unreserved_events").notNull().default(sql`0`),
    reservedUsd: usd("reserved_usd").notNull().default("0"),
    reservedTokens: count("reserved_tokens").notNull().default(sql`0`),
    reservedCalls: count("reserved_calls").notNull().default(sql`0`),
    reservedToolCalls: count("reserved_tool_calls").notNull().default(sql`0`),
    /** Minute since 1970 in which calls past the limit were let through at a rate, and how many. */
    throttleMinute: bigint("throttle_minute", { mode: "number" }).notNull().default(0),
    throttleCalls: integer("throttle_calls").notNull().default(0),
    /** Revision of the limit under which a lockout closed it; it holds only while that is the budget's. */
    lockRevision: integer("lock_revision"),
    /** The highest stage that closed it under that revision: an unlock opens it up to there. */
    lockPercent: numeric("lock_percent", { precision: 8, scale: 2 }),
    /** Since when it is closed; null beside a `lockRevision`: an admin opened it again. */
    lockedAt: instant("locked_at"),
    changedAt: instant("changed_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.budgetId, table.generation, table.value, table.period] }),
  ],
);

/** What an agent asked for before it called. Kept for a while after its end; refusals are in `refusals`. */
export const reservations = pgTable(
  "reservations",
  {
    projectId: uuid("project_id").notNull(),
    id: text().notNull(),
    /**
     * `held`; `settled` by an event; `released` by its owner or an admin; `expired`: given back; `presumed`: expired, and
     * its strict holds count as spent until its event comes.
     */
    state: text().notNull(),
    /** `allow`, `reroute` or `throttle` (let through at a rate). */
    decision: text().notNull(),
    type: text().notNull(),
    agent: text(),
    task: text(),
    taskType: text("task_type"),
    feature: text(),
    user: text("user_name"),
    session: text(),
    traceId: text("trace_id"),
    provider: text(),
    /** The model it is for, after a reroute. */
    model: text(),
    /** The largest of its holds, US dollars; null: it holds no dollars. */
    reservedUsd: usd("reserved_usd"),
    /** `{budget_id, value, period, mode, usd, tokens, calls, tool_calls}[]`, money as decimal strings. */
    holds: jsonb().notNull(),
    /** `{code, budget_id?, message}[]`, as it was answered. */
    reasons: jsonb().notNull().default([]),
    apiKeyId: uuid("api_key_id"),
    /** Of what was asked, where the caller gave the id: the same id with another wish is another call. */
    bodyHash: text("body_hash"),
    /** The instant whose periods it counts in. */
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    endedAt: instant("ended_at"),
    /** The event that settled it: its bucket (seconds since 1970) and id. */
    eventBucket: bigint("event_bucket", { mode: "number" }),
    eventId: text("event_id"),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index("reservations_open").on(table.expiresAt).where(sql`${table.state} = 'held'`),
    // What is held for ever unless somebody says otherwise: read with the open ones when counters are built anew.
    index("reservations_presumed").on(table.expiresAt).where(sql`${table.state} = 'presumed'`),
    index("reservations_ended").on(table.endedAt).where(sql`${table.endedAt} is not null`),
    check(
      "reservations_state",
      sql`${table.state} in ('held', 'settled', 'released', 'expired', 'presumed')`,
    ),
  ],
);

/** What was refused and why, by hour: a runaway that asks a thousand times a second must not fill the disk. */
export const refusals = pgTable(
  "refusals",
  {
    projectId: uuid("project_id").notNull(),
    /** Start of the hour. */
    hour: instant("hour").notNull(),
    /** The budget or kill switch that refused; the project where it is neither (`missing_tags`). */
    sourceId: uuid("source_id").notNull(),
    code: text().notNull(),
    /** Of the counter; empty where there is none. */
    value: text().notNull().default(""),
    agent: text().notNull().default(""),
    feature: text().notNull().default(""),
    model: text().notNull().default(""),
    calls: count("calls").notNull(),
    /** Worst case of what was refused, US dollars; null: not known. */
    estimatedUsd: usd("estimated_usd"),
    lastAt: instant("last_at").notNull(),
    /** What the last one was told. */
    message: text().notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.projectId,
        table.hour,
        table.sourceId,
        table.code,
        table.value,
        table.agent,
        table.feature,
        table.model,
      ],
    }),
    index("refusals_source").on(table.sourceId, table.lastAt),
  ],
);

/**
 * Identities of events that budgets counted, where several processes take events: the first to come claims it. Only
 * with a server store; a process alone knows from its spool what it had.
 */
export const budgetEvents = pgTable(
  "budget_events",
  {
    projectId: uuid("project_id").notNull(),
    bucket: bigint({ mode: "number" }).notNull(),
    /** MD5 of the id, in hex. */
    idHash: text("id_hash").notNull(),
    /** Earliest known arrival, µs since 1970: by it a generation has the event. null: claimed before it was kept. */
    arrivedUs: bigint("arrived_us", { mode: "number" }),
  },
  (table) => [primaryKey({ columns: [table.bucket, table.projectId, table.idHash] })],
);

/** Events that count in the period of their hold and not in that of their own timestamp. */
export const budgetShifts = pgTable(
  "budget_shifts",
  {
    budgetId: uuid("budget_id").notNull(),
    projectId: uuid("project_id").notNull(),
    bucket: bigint({ mode: "number" }).notNull(),
    eventId: text("event_id").notNull(),
    /** The period in which it counts. */
    period: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.budgetId, table.projectId, table.bucket, table.eventId] }),
  ],
);
