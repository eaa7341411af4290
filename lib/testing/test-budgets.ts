import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import {
  addToBudgetCounters,
  type CounterFigures,
  type CounterRow,
  listBudgetCounters,
} from "@/db/queries/budget-counters";
import { changePolicyVersion } from "@/db/queries/policy";
import { budgets, reservations } from "@/db/schema/budgets";
import type { Hold } from "@/lib/reservations/hold";

export type TestBudget = Partial<typeof budgets.$inferInsert>;

/** Makes a budget whose counters decide already, as a change of the policy does. */
export async function makeBudget(db: Db, given: TestBudget = {}) {
  return db.transaction(async (tx) => {
    await changePolicyVersion(tx);
    const [row] = await tx
      .insert(budgets)
      .values({
        name: "test",
        scope: "global",
        window: "day",
        timeZone: "UTC",
        mode: "enforce",
        action: "block",
        unpriced: "warn",
        createdBy: "test",
        limitUsd: "1000",
        generation: 1,
        ...given,
      })
      .returning();
    if (!row) throw new Error("no budget was made");
    return row;
  });
}

/** What a test's reservation holds of one counter: dollars, and one call. */
export function makeHold(budgetId: string, given: Partial<Hold> = {}): Hold {
  return {
    budget_id: budgetId,
    value: "",
    period: "2026-11-21T00:00:00Z",
    mode: "enforce",
    usd: "1",
    tokens: "100",
    calls: "1",
    tool_calls: "0",
    ...given,
  };
}

/** Makes a reservation that holds, and takes it from the counters of the budgets' generations, or else of 1. */
export async function makeReservation(
  db: Db,
  projectId: string,
  holds: readonly Hold[],
  given: Partial<typeof reservations.$inferInsert> = {},
  generations: ReadonlyMap<string, number> = new Map(),
): Promise<string> {
  const id = given.id ?? `r_${randomUUID()}`;
  await db.transaction(async (tx) => {
    await addToBudgetCounters(
      tx,
      holds.map((hold) => ({
        budgetId: hold.budget_id,
        generation: generations.get(hold.budget_id) ?? 1,
        value: hold.value,
        period: hold.period,
        reservedUsd: hold.usd,
        reservedTokens: hold.tokens,
        reservedCalls: hold.calls,
        reservedToolCalls: hold.tool_calls,
      })),
    );
    await tx.insert(reservations).values({
      projectId,
      id,
      state: "held",
      decision: "allow",
      type: "llm",
      holds: [...holds],
      createdAt: new Date(Date.UTC(2026, 10, 21, 12)),
      expiresAt: new Date(Date.UTC(2026, 10, 21, 13)),
      ...given,
    });
  });
  return id;
}

/** A reservation as it stands. */
export async function readReservation(db: Db, id: string) {
  const [row] = await db.select().from(reservations).where(eq(reservations.id, id));
  return row ?? null;
}

/** Counters of a budget's generation without those that are 0, in the order of their keys, with the shortest decimals. */
export async function countersOf(
  db: Db,
  budgetId: string,
  generation = 1,
): Promise<(Pick<CounterRow, "value" | "period"> & Partial<CounterFigures>)[]> {
  const rows = await listBudgetCounters(db, { budgetId, generation });
  return rows.flatMap(({ budgetId: _, generation: __, value, period, ...rest }) => {
    const { throttleMinute, throttleCalls, lockRevision, lockPercent, lockedAtMs, ...figures } =
      rest;
    const moved = Object.entries(figures)
      .map(([name, figure]) => [name, shortest(figure)] as const)
      .filter(([, figure]) => figure !== "0");
    return moved.length > 0 ? [{ value, period, ...Object.fromEntries(moved) }] : [];
  });
}

function shortest(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
