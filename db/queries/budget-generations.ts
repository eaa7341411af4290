import { and, eq, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import type { CounterKey } from "@/db/queries/budget-counters";
import type { BudgetRow } from "@/db/queries/policy";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters, budgets, reservations } from "@/db/schema/budgets";
import { spools } from "@/db/schema/counters";
import { projects } from "@/db/schema/projects";

/** Which generations of a budget. */
export interface Flip {
  budgetId: string;
  /** The one that decided until now; 0: none. */
  from: number;
  to: number;
  /** Periods before this one were not summed: what the old generation says of them stays. null: nothing is older. */
  fromPeriod: string | null;
}

/**
 * Sums that are not in use yet lie under the generation's number below 0: nobody else touches them, so that they can be
 * written before anything is locked.
 */
export const stagedGeneration = (generation: number): number => -generation;

/** Budgets with counters to be built: never counted, asked for (without `nextAfterUs`), or begun. */
export function listBudgetsToBuild(db: Db): Promise<BudgetRow[]> {
  return db
    .select()
    .from(budgets)
    .where(
      and(
        isNull(budgets.archivedAt),
        ne(budgets.window, "request"),
        or(eq(budgets.generation, 0), isNotNull(budgets.nextGeneration)),
      ),
    )
    .orderBy(budgets.createdAt, budgets.id);
}

/** Notes the begin of a generation, or its end. The policy's version is being changed. */
export async function updateGeneration(
  tx: Db,
  id: string,
  change: Partial<Pick<BudgetRow, "generation" | "nextGeneration" | "nextAfterUs" | "countedFrom">>,
): Promise<void> {
  await tx.update(budgets).set(change).where(eq(budgets.id, id));
}

/**
 * Asks for counters that are built anew by what a budget counts from now on; the job begins them. One that is being built
 * by what it counted until now is given up. The policy's version is being changed.
 */
export async function requestGeneration(
  tx: Db,
  { id, generation }: Pick<BudgetRow, "id" | "generation">,
): Promise<void> {
  await updateGeneration(tx, id, { nextGeneration: generation + 1, nextAfterUs: null });
}

/** The latest moment that any process told of itself, ms since 1970; 0: none did. */
export async function findLatestSeenMs(db: Db): Promise<number> {
  const [row] = await db
    .select({ seenAt: sql<Date | null>`max(${spools.seenAt})`.mapWith(spools.seenAt) })
    .from(spools);
  return row?.seenAt?.getTime() ?? 0;
}

/** Every project there ever was, and up to when its days are sealed. */
export function listProjectReach(db: Db): Promise<{ id: string; sealedBefore: Date | null }[]> {
  return db.select({ id: projects.id, sealedBefore: projects.sealedBefore }).from(projects);
}

/** Deletes all counters of a generation. */
export async function deleteGeneration(
  db: Db,
  { budgetId, generation }: Pick<CounterKey, "budgetId" | "generation">,
): Promise<void> {
  await db
    .delete(budgetCounters)
    .where(and(eq(budgetCounters.budgetId, budgetId), eq(budgetCounters.generation, generation)));
}

const SPENT = [
  "spent_usd",
  "spent_tokens",
  "spent_calls",
  "spent_tool_calls",
  "spent_ms",
  "unknown_costs",
] as const;
const KEPT = [
  "unreserved_usd",
  "unreserved_events",
  "throttle_minute",
  "throttle_calls",
  "lock_revision",
  "lock_percent",
  "locked_at",
] as const;
const list = (names: readonly string[], text = (name: string) => name, between = ", ") =>
  sql.raw(names.map(text).join(between));

/**
 * Puts a generation in the place of another: what was counted as it came, what was summed of before, what the ledger
 * cannot know (what was unreserved, rates) and the periods that were not summed, and what is held now. The policy's
 * version is being changed, so nobody else is at these counters: both have counted the same events.
 * @returns how the two differed
 */
export async function flipGeneration(
  tx: Db,
  { budgetId, from, to, fromPeriod }: Flip,
): Promise<GenerationDifference> {
  const budget = sql`budget_id = ${budgetId}::uuid`;
  await tx.execute(sql`
    insert into ${budgetCounters} as c (budget_id, generation, value, period, ${list(SPENT)})
    select budget_id, ${to}::int, value, period, ${list(SPENT)} from ${budgetCounters}
    where ${budget} and generation = ${stagedGeneration(to)}::int
    on conflict (budget_id, generation, value, period) do update
      set ${list(SPENT, (name) => `${name} = c.${name} + excluded.${name}`)}`);
  if (from > 0) {
    // What the new one has is in its key already. Not by an anti-join: an embedded store keeps no statistics, and walked
    // through one generation for every counter of the other.
    const older =
      fromPeriod === null
        ? // When a session moved last is told by it: it did not move by being counted anew.
          { where: sql`true`, onConflict: sql`do update set changed_at = excluded.changed_at` }
        : {
            where: sql`period collate "C" < ${fromPeriod}`,
            onConflict: sql`do update set ${list(SPENT, (name) => `${name} = excluded.${name}`)}`,
          };
    await tx.execute(sql`
      insert into ${budgetCounters} as c (budget_id, generation, value, period, ${list(SPENT)}, changed_at)
      select budget_id, ${to}::int, value, period, ${list(SPENT)}, changed_at from ${budgetCounters}
      where ${budget} and generation = ${from}::int and ${older.where}
      on conflict (budget_id, generation, value, period) ${older.onConflict}`);
    await tx.execute(sql`
      insert into ${budgetCounters} as c (budget_id, generation, value, period, ${list(KEPT)})
      select budget_id, ${to}::int, value, period, ${list(KEPT)} from ${budgetCounters}
      where ${budget} and generation = ${from}::int
        and (unreserved_events <> 0 or throttle_minute <> 0 or lock_revision is not null)
      on conflict (budget_id, generation, value, period) do update
        set ${list(KEPT, (name) => `${name} = excluded.${name}`)}`);
    await addOpenHolds(tx, budgetId, to);
  }
  const difference = from > 0 ? await compareGenerations(tx, budgetId, { from, to }) : NONE;
  await deleteGeneration(tx, { budgetId, generation: stagedGeneration(to) });
  await deleteGeneration(tx, { budgetId, generation: from });
  return difference;
}

/** How two generations of the same counters differ in what was spent; dollars without their signs, added up. */
export interface GenerationDifference {
  counters: number;
  differenceUsd: string;
}
const NONE: GenerationDifference = { counters: 0, differenceUsd: "0" };
const differenceRow = z.object({ counters: z.coerce.number(), differenceUsd: z.string() });

async function compareGenerations(
  tx: Db,
  budgetId: string,
  { from, to }: { from: number; to: number },
): Promise<GenerationDifference> {
  const side = (generation: number) => sql`(select * from ${budgetCounters}
    where budget_id = ${budgetId}::uuid and generation = ${generation}::int)`;
  const differs = list(SPENT, (name) => `coalesce(n.${name}, 0) <> coalesce(o.${name}, 0)`, " or ");
  const found = await tx.execute(sql`
    select count(*) as counters,
      coalesce(sum(abs(coalesce(n.spent_usd, 0) - coalesce(o.spent_usd, 0))), 0)::text as "differenceUsd"
    from ${side(to)} n full join ${side(from)} o on n.value = o.value and n.period = o.period
    where ${differs}`);
  const [row] = differenceRow.array().parse(rowsOf(found));
  return row ?? NONE;
}

/**
 * What is held of a budget: all that open reservations hold, and what `strict` holds of those presumed spent. Two
 * questions, as each state has its index: to go through all that ended, while decisions wait, takes seconds.
 */
export function openHoldsOf(budgetId: string) {
  const holds = (state: string, mode: SQL) => sql`
    select h.* from ${reservations} r cross join lateral jsonb_to_recordset(r.holds)
      as h(budget_id uuid, value text, period text, mode text,
        usd numeric, tokens numeric, calls numeric, tool_calls numeric)
    where r.state = ${sql.raw(`'${state}'`)} and h.budget_id = ${budgetId}::uuid and ${mode}`;
  return sql`${holds("held", sql`true`)} union all ${holds("presumed", sql`h.mode = 'strict'`)}`;
}

/** A budget that decided nothing held nothing, so this is for those that did. */
async function addOpenHolds(tx: Db, budgetId: string, generation: number): Promise<void> {
  await tx.execute(sql`
    insert into ${budgetCounters} as c (budget_id, generation, value, period,
      reserved_usd, reserved_tokens, reserved_calls, reserved_tool_calls)
    select ${budgetId}::uuid, ${generation}::int, h.value, h.period,
      sum(h.usd), sum(h.tokens), sum(h.calls), sum(h.tool_calls)
    from (${openHoldsOf(budgetId)}) h group by h.value, h.period
    on conflict (budget_id, generation, value, period) do update set
      reserved_usd = excluded.reserved_usd, reserved_tokens = excluded.reserved_tokens,
      reserved_calls = excluded.reserved_calls, reserved_tool_calls = excluded.reserved_tool_calls`);
}

const sumRow = z.object({
  value: z.string(),
  period: z.string(),
  usd: z.string(),
  tokens: z.string(),
  calls: z.string(),
  toolCalls: z.string(),
});

/** What open reservations hold of a budget, by value and period: what its counters must say is reserved. */
export async function sumOpenHolds(db: Db, budgetId: string) {
  const found = await db.execute(sql`
    select h.value, h.period, sum(h.usd)::text as usd, sum(h.tokens)::text as tokens,
      sum(h.calls)::text as calls, sum(h.tool_calls)::text as "toolCalls"
    from (${openHoldsOf(budgetId)}) h group by h.value, h.period`);
  return sumRow.array().parse(rowsOf(found));
}
