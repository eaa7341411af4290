import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters, budgets } from "@/db/schema/budgets";

/** A budget's counters of its current period. */
export interface ForecastAsked {
  budgetId: string;
  generation: number;
  period: string;
  /** Milliseconds: how long the period is, and how much of it passed. */
  lengthMs: number;
  passedMs: number;
}

const row = z.object({ budgetId: z.uuid(), value: z.string(), spentUsd: z.string() });
export type ForecastCounter = z.output<typeof row>;

/**
 * Counters that would end above their budget's limit at the rate so far, nearest first, at most `top` a budget; and those
 * that are named, whatever they stand at.
 */
export async function listForecastCounters(
  db: Db,
  asked: readonly ForecastAsked[],
  named: readonly { budgetId: string; value: string }[],
  top: number,
): Promise<ForecastCounter[]> {
  if (asked.length === 0) return [];
  const wanted = asked.map(({ budgetId, generation, period, lengthMs, passedMs }) => ({
    budget_id: budgetId,
    generation,
    period,
    length_ms: lengthMs,
    passed_ms: passedMs,
  }));
  const open = named.map(({ budgetId, value }) => ({ budget_id: budgetId, value }));
  const found = await db.execute(sql`
    with asked as (
      select a.*, b.limit_usd
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        as a(budget_id uuid, generation int, period text, length_ms numeric, passed_ms numeric)
      join ${budgets} b on b.id = a.budget_id
    ),
    named as (
      select * from jsonb_to_recordset(${JSON.stringify(open)}::text::jsonb) as n(budget_id uuid, value text)
    )
    select near.budget_id as "budgetId", near.value, near.spent_usd::text as "spentUsd" from asked a
    cross join lateral (
      select c.* from ${budgetCounters} c
      where c.budget_id = a.budget_id and c.generation = a.generation and c.period = a.period
        and c.spent_usd < a.limit_usd and c.spent_usd * a.length_ms > a.limit_usd * a.passed_ms
      order by c.spent_usd desc, c.value collate "C" limit ${top}
    ) near
    union
    select c.budget_id, c.value, c.spent_usd::text from asked a
    join named n on n.budget_id = a.budget_id
    join ${budgetCounters} c on c.budget_id = a.budget_id and c.generation = a.generation
      and c.period = a.period and c.value = n.value`);
  return row.array().parse(rowsOf(found));
}
