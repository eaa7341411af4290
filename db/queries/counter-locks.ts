import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import {
  COUNTER_COLUMNS,
  type CounterKey,
  type CounterRow,
  counterRow,
} from "@/db/queries/budget-counters";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters } from "@/db/schema/budgets";

/** A counter that a stage closes, under which revision of its budget's limits. */
export interface NewLock extends CounterKey {
  revision: number;
  percent: number;
}

/**
 * Closes counters that this transaction has locked or that nobody else moves. One that is closed stays so since then; a
 * higher stage only raises what an unlock opens.
 */
export async function lockOutCounters(tx: Db, locks: readonly NewLock[], at: Date): Promise<void> {
  if (locks.length === 0) return;
  const rows = locks.map(({ budgetId, ...lock }) => ({ budget_id: budgetId, ...lock }));
  await tx.execute(sql`
    update ${budgetCounters} c set
      locked_at = case when c.lock_revision = l.revision and c.locked_at is not null then c.locked_at
        else ${at.toISOString()}::timestamptz end,
      lock_revision = l.revision, lock_percent = l.percent
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as l(budget_id uuid, generation int, value text, period text, revision int, percent numeric)
    where c.budget_id = l.budget_id and c.generation = l.generation and c.value = l.value
      and c.period = l.period`);
}

/** A budget's closed counters, whatever limit closed them. */
export async function listLockedCounters(
  db: Db,
  { budgetId, generation }: Pick<CounterKey, "budgetId" | "generation">,
): Promise<CounterRow[]> {
  const found = await db.execute(sql`
    select ${COUNTER_COLUMNS} from ${budgetCounters} c
    where c.budget_id = ${budgetId}::uuid and c.generation = ${generation}::int
      and c.locked_at is not null
    order by c.value collate "C", c.period collate "C"`);
  return counterRow.array().parse(rowsOf(found));
}

/** Opens one counter; up to which stage it was closed stays with it. The policy's version is being changed. */
export async function openCounter(
  tx: Db,
  { budgetId, generation, value, period }: CounterKey,
): Promise<void> {
  await tx
    .update(budgetCounters)
    .set({ lockedAt: null })
    .where(
      and(
        eq(budgetCounters.budgetId, budgetId),
        eq(budgetCounters.generation, generation),
        eq(budgetCounters.value, value),
        eq(budgetCounters.period, period),
      ),
    );
}

/** Opens all of a budget's counters: another limit closed them. @returns how many were closed */
export async function openAllCounters(
  tx: Db,
  { budgetId, generation }: Pick<CounterKey, "budgetId" | "generation">,
): Promise<number> {
  const opened = await tx
    .update(budgetCounters)
    .set({ lockedAt: null })
    .where(
      and(
        eq(budgetCounters.budgetId, budgetId),
        eq(budgetCounters.generation, generation),
        isNotNull(budgetCounters.lockedAt),
      ),
    )
    .returning({ value: budgetCounters.value });
  return opened.length;
}
