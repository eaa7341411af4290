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

/** How much of its nearest limit a counter `c` has spent; null: the budget `b` limits nothing that it has. */
const FULLNESS = sql.raw(`greatest(
  c.spent_usd / b.limit_usd,
  c.spent_tokens::numeric / b.limit_tokens,
  c.spent_calls::numeric / b.limit_calls,
  c.spent_tool_calls::numeric / b.limit_tool_calls,
  c.spent_ms::numeric / (b.limit_seconds * 1000))`);

/** By bytes, so that two readers see one order. */
const NEAREST_FIRST = sql`order by ${FULLNESS} desc nulls last, c.value collate "C", c.period collate "C"`;

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
  const found = await db.execute(sql`
    select * from (
      select ${COUNTER_COLUMNS}, c.changed_at as "changedAt",
        row_number() over (partition by c.budget_id ${NEAREST_FIRST}) as place,
        count(*) over (partition by c.budget_id) as "valuesCount",
        (sum(c.unreserved_usd) over (partition by c.budget_id))::text as "allUnreservedUsd",
        (sum(c.unreserved_events) over (partition by c.budget_id))::text as "allUnreservedEvents"
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        as a(budget_id uuid, generation int, period text, since timestamptz, allowed jsonb)
      join ${budgetCounters} c on c.budget_id = a.budget_id and c.generation = a.generation
        and (a.period is null or c.period = a.period)
        and (a.since is null or c.changed_at >= a.since)
        and (a.allowed is null or a.allowed = 'null'::jsonb
          or c.value in (select jsonb_array_elements_text(a.allowed)))
      join ${budgets} b on b.id = c.budget_id
    ) ranked where place <= ${top} order by "budgetId", place`);
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
        row_number() over (partition by c.period ${NEAREST_FIRST}) as place,
        count(*) over (partition by c.period) as "valuesCount"
      from ${budgetCounters} c join ${budgets} b on b.id = c.budget_id
      where c.budget_id = ${budgetId} and c.generation = ${generation}
        and c.period < ${before} collate "C" ${allowed}
    ) ranked where place = 1 order by period collate "C" desc limit ${top}`);
  return periodRow.array().parse(rowsOf(found));
}
