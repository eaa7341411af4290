import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { COUNTER_COLUMNS, counterRow } from "@/db/queries/budget-counters";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters, budgets } from "@/db/schema/budgets";

/** Which counters of a budget are looked at. */
export interface FiguresAsked {
  budgetId: string;
  generation: number;
  /** null: all. */
  period: string | null;
  /** Only those that moved since, ms since 1970; null: all. */
  sinceMs: number | null;
  /** Only these; null: all. */
  values: readonly string[] | null;
}

const counted = counterRow.extend({
  /** Counters of the budget that were looked at. */
  valuesCount: z.coerce.number(),
  changedAt: z.coerce.date(),
  allUnreservedUsd: z.string(),
  allUnreservedEvents: z.string(),
});
export type RankedCounter = z.output<typeof counted>;

/** How much of its nearest limit a counter `c` has spent. @param limits what holds the limits */
const fullness = (limits: string) => `greatest(
    c.spent_usd / ${limits}.limit_usd,
    c.spent_tokens::numeric / ${limits}.limit_tokens,
    c.spent_calls::numeric / ${limits}.limit_calls,
    c.spent_tool_calls::numeric / ${limits}.limit_tool_calls,
    c.spent_ms::numeric / ${limits}.limit_ms)`;
/** By bytes where two are alike, so that two readers see one order. */
const nearestFirst = (of: string) =>
  sql.raw(
    `order by is_locked desc, fullness desc nulls last, ${of}.value collate "C", ${of}.period collate "C"`,
  );

/** A counter that is closed is told before any other: there somebody has to act. */
const isLocked = (limits: string) =>
  sql.raw(`(${limits}.mode <> 'observe' and c.locked_at is not null
    and c.lock_revision = ${limits}.limit_revision) as is_locked`);

/** Whether a counter `c` is one of those asked for in `a`. */
const IS_ASKED = sql.raw(`c.budget_id = a.budget_id and c.generation = a.generation
  and (a.period is null or c.period = a.period)
  and (a.since is null or c.changed_at >= a.since)
  and (a.allowed is null or a.allowed = 'null'::jsonb
    or c.value in (select jsonb_array_elements_text(a.allowed)))`);

/**
 * The counters nearest their limits, at most `top` a budget, nearest first: one statement for all budgets. The sums of
 * what no hold covered, and the number of counters, are of all that were looked at.
 */
export async function listNearestCounters(
  db: Db,
  asked: readonly FiguresAsked[],
  top: number,
): Promise<RankedCounter[]> {
  if (asked.length === 0) return [];
  const wanted = asked.map(({ budgetId, generation, period, sinceMs, values }) => ({
    budget_id: budgetId,
    generation,
    period,
    since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    allowed: values,
  }));
  // The best few are picked without sorting all: a budget by session has as many counters as there are sessions.
  const found = await db.execute(sql`
    with asked as (
      select a.*, b.limit_usd, b.limit_tokens, b.limit_calls, b.limit_tool_calls, b.limit_seconds * 1000 as limit_ms,
        b.mode, b.limit_revision
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        as a(budget_id uuid, generation int, period text, since timestamptz, allowed jsonb)
      join ${budgets} b on b.id = a.budget_id
    )
    select nearest.*, sums.* from asked a
    cross join lateral (
      select count(*) as "valuesCount", coalesce(sum(c.unreserved_usd), 0)::text as "allUnreservedUsd",
        coalesce(sum(c.unreserved_events), 0)::text as "allUnreservedEvents"
      from ${budgetCounters} c where ${IS_ASKED}
    ) sums
    cross join lateral (
      select ${COUNTER_COLUMNS}, c.changed_at as "changedAt", ${sql.raw(fullness("a"))} as fullness,
        ${isLocked("a")}
      from ${budgetCounters} c where ${IS_ASKED} ${nearestFirst("c")} limit ${top}
    ) nearest
    ${nearestFirst("nearest")}`);
  return counted.array().parse(rowsOf(found));
}

const periodRow = counterRow.extend({ valuesCount: z.coerce.number() });

/** Of each of a budget's last periods the counter nearest its limit, latest period first. */
export async function listNearestByPeriod(
  db: Db,
  asked: {
    budgetId: string;
    generation: number;
    /** Periods before this one. */
    before: string;
    values: readonly string[] | null;
  },
  top: number,
): Promise<z.output<typeof periodRow>[]> {
  const { budgetId, generation, before, values } = asked;
  const allowed = values
    ? sql`and c.value in (select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`
    : sql``;
  const found = await db.execute(sql`
    select * from (
      select ${COUNTER_COLUMNS},
        row_number() over (partition by c.period order by ${sql.raw(fullness("b"))} desc nulls last,
          c.value collate "C") as place,
        count(*) over (partition by c.period) as "valuesCount"
      from ${budgetCounters} c
      join (select *, limit_seconds * 1000 as limit_ms from ${budgets}) b on b.id = c.budget_id
      where c.budget_id = ${budgetId} and c.generation = ${generation}
        and c.period < ${before} collate "C" ${allowed}
    ) ranked where place = 1 order by period collate "C" desc limit ${top}`);
  return periodRow.array().parse(rowsOf(found));
}
