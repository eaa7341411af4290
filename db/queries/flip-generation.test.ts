import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { flipGeneration, stagedGeneration } from "@/db/queries/budget-generations";
import { budgetCounters } from "@/db/schema/budgets";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { makeBudget } from "@/lib/testing/test-budgets";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

test("sessions that are counted anew have moved when their last event came, summed again or carried over", async () => {
  const { db } = postgres;
  const { id: budgetId } = await makeBudget(db, {
    scope: "session",
    value: "*",
    window: "session",
  });
  const at = (generation: number, period: string) => ({ budgetId, generation, value: "", period });
  await addToBudgetCounters(db, [
    { ...at(1, "summed"), spentUsd: "2" },
    { ...at(1, "carried"), spentUsd: "3" },
    { ...at(stagedGeneration(2), "summed"), spentUsd: "2.5" },
  ]);
  const changedAt = new Date("2026-11-01T00:00:00.000Z");
  await db
    .update(budgetCounters)
    .set({ changedAt })
    .where(and(eq(budgetCounters.budgetId, budgetId), eq(budgetCounters.generation, 1)));
  const flip = { budgetId, from: 1, to: 2, fromPeriod: null };
  const difference = await db.transaction((tx) => flipGeneration(tx, flip));
  expect(difference).toEqual({ counters: 1, differenceUsd: "0.500000000000000" });
  const rows = await db
    .select()
    .from(budgetCounters)
    .where(eq(budgetCounters.budgetId, budgetId))
    .orderBy(budgetCounters.period);
  expect(rows).toMatchObject([
    { period: "carried", generation: 2, spentUsd: "3.000000000000000", changedAt },
    { period: "summed", generation: 2, spentUsd: "2.500000000000000", changedAt },
  ]);
});
