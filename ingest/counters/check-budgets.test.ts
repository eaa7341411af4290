import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { listBudgetChecks } from "@/db/queries/budget-checks";
import { listBudgetCounters } from "@/db/queries/budget-counters";
import { findBudgetRow } from "@/db/queries/budgets";
import { insertRun } from "@/db/queries/integrity";
import { moveSealedBefore } from "@/db/queries/projects";
import { alerts } from "@/db/schema/alerts";
import { budgetCounters } from "@/db/schema/budgets";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { findBudget } from "@/lib/budgets/find-budget";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";
import { listIntegrityBudgets } from "@/lib/integrity/list-integrity-budgets";
import {
  countersOf,
  makeBudget,
  makeHold,
  makeReservation,
  type TestBudget,
} from "@/lib/testing/test-budgets";

const SOON = { timeout: 30_000 };
let ingest: TestIngest;
/** The calls store answers no question, and takes events. */
let isAway = false;
beforeAll(async () => {
  const watch = (clickhouse: ClickHouse): ClickHouse =>
    new Proxy(clickhouse, {
      get(target, name, receiver) {
        if (name === "query" && isAway) return () => Promise.reject(new Error("away"));
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  ingest = await openTestIngest({ watch });
});
afterAll(() => ingest.close());

const db = () => ingest.postgres.db;
const send = (agent: string, reported: string) =>
  ingest.post([
    {
      id: `${agent} ${reported}`,
      timestamp: new Date().toISOString(),
      type: "tool",
      agent,
      reported_cost_usd: reported,
    },
  ]);
const make = (given: TestBudget = {}) =>
  makeBudget(db(), {
    projectId: ingest.projectIds.default,
    scope: "agent",
    value: "*",
    window: "month",
    generation: 0,
    ...given,
  });
const generationOf = async (id: string) => (await findBudgetRow(db(), id))?.generation;
const spentOf = async (id: string) =>
  (await countersOf(db(), id, (await generationOf(id)) ?? 0)).map(({ value, spentUsd }) => [
    value,
    spentUsd,
  ]);

test("a budget made in the middle of its period counts what was spent before, exactly, and decides soon", async () => {
  await send("early", "0.1");
  await send("early", "0.02");
  const budget = await make();
  await send("late", "0.003");
  await expect.poll(() => generationOf(budget.id), SOON).toBe(1);
  await ingest.counters.counted();
  expect(await spentOf(budget.id)).toEqual([
    ["early", "0.12"],
    ["late", "0.003"],
  ]);
});

test("while the calls cannot be asked a new budget stays counting and an old one goes on; afterwards both are exact", async () => {
  const old = await make();
  await expect.poll(() => generationOf(old.id), SOON).toBe(1);
  isAway = true;
  const fresh = await make();
  await send("outage", "1");
  await ingest.counters.counted();
  expect(await generationOf(fresh.id)).toBe(0);
  expect(await spentOf(old.id)).toContainEqual(["outage", "1"]);
  isAway = false;
  await expect.poll(() => generationOf(fresh.id), SOON).toBe(1);
  expect(await spentOf(fresh.id)).toEqual(await spentOf(old.id));
});

test("counters that differ from the calls are found, told with their size, and replaced; what is held and was unreserved stays", async () => {
  const budget = await make();
  await expect.poll(() => generationOf(budget.id), SOON).toBe(1);
  const before = await countersOf(db(), budget.id, 1);
  const { period = "" } = before[0] ?? {};
  const hold = makeHold(budget.id, { value: "early", period, usd: "0.5" });
  await makeReservation(db(), ingest.projectIds.default, [hold], {
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  await db()
    .update(budgetCounters)
    .set({ spentUsd: "7.12", unreservedUsd: "3", unreservedEvents: 1n })
    .where(eq(budgetCounters.value, "early"));
  await insertRun(db(), { startedAt: new Date(), isFull: true });
  await expect.poll(() => generationOf(budget.id), SOON).toBe(2);
  const early = (await countersOf(db(), budget.id, 2)).find(({ value }) => value === "early");
  expect(early).toMatchObject({
    spentUsd: "0.12",
    reservedUsd: "0.5",
    unreservedUsd: "3",
    unreservedEvents: "1",
  });
  expect(await countersOf(db(), budget.id, 1)).toEqual([]);
  expect(await countersOf(db(), budget.id, -2)).toEqual([]);
  const [check] = await listBudgetChecks(db(), [budget.id]);
  expect(check).toMatchObject({ state: "repaired", counters: 1 });
  const slugs = new Map([[ingest.projectIds.default, "default"]]);
  const told = await listIntegrityBudgets(db(), [ingest.projectIds.default], slugs);
  expect(told.find(({ id }) => id === budget.id)).toMatchObject({
    project: "default",
    state: "repaired",
    difference_usd: "7",
  });
  // Found equal once more, it still says what it was.
  await insertRun(db(), { startedAt: new Date(), isFull: true });
  await expect.poll(() => generationOf(budget.id), SOON).toBe(3);
  expect(await listBudgetChecks(db(), [budget.id])).toMatchObject([
    { state: "repaired", differenceUsd: "7.000000000000000" },
  ]);
});

test("a budget made in a period whose first calls expired says since when it counts, also once it is counted anew; one that counts all says nothing", async () => {
  const whole = await make();
  await expect.poll(() => generationOf(whole.id), SOON).toBe(1);
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  await moveSealedBefore(db(), ingest.projectIds.default, new Date(today));
  const late = await make();
  await expect.poll(() => generationOf(late.id), SOON).toBe(1);
  const actor = { type: "system", id: "test", name: "test" } as const;
  const toldOf = async (id: string, nowMs: number) =>
    (await findBudget({ db: db(), actor }, id, nowMs)).counted_from;
  const since = new Date(today).toISOString();
  // On a month's first day its period begins where the calls that are left begin.
  const isWhole = new Date(today).getUTCDate() === 1;
  expect(await toldOf(late.id, today)).toBe(isWhole ? null : since);
  expect(await toldOf(whole.id, today)).toBeNull();
  await insertRun(db(), { startedAt: new Date(), isFull: true });
  await expect.poll(() => generationOf(late.id), SOON).toBe(2);
  expect(await toldOf(late.id, today)).toBe(isWhole ? null : since);
  expect(await toldOf(whole.id, today)).toBeNull();
  expect(await toldOf(late.id, today + 32 * 86_400_000)).toBeNull();
});

test("a budget made in the middle of its period tells what it came to before; counted anew it tells nothing again and stays locked", async () => {
  await send("runaway", "85");
  const budget = await make({
    value: "runaway",
    limitUsd: "100",
    thresholds: [...ESCALATION_TEMPLATE],
  });
  const told = async () =>
    (
      await db()
        .select({ percent: alerts.percent })
        .from(alerts)
        // What it will come to by the month's end may be told too.
        .where(and(eq(alerts.budgetId, budget.id), eq(alerts.kind, "threshold")))
        .orderBy(alerts.percent)
    ).map(({ percent }) => percent);
  await expect.poll(told, SOON).toEqual(["70.00"]);
  await send("runaway", "36");
  await ingest.counters.counted();
  expect(await told()).toEqual(["70.00", "100.00", "120.00"]);
  const lock = async () => {
    const generation = (await generationOf(budget.id)) ?? 0;
    const rows = await listBudgetCounters(db(), { budgetId: budget.id, generation });
    // Calls of this month may have expired by now: what is counted anew must not put the others anywhere else.
    expect(rows).toHaveLength(1);
    const [row] = rows;
    return { lockPercent: row?.lockPercent, lockRevision: row?.lockRevision, at: row?.lockedAtMs };
  };
  const before = await lock();
  expect(before).toEqual({ lockPercent: 120, lockRevision: 1, at: expect.any(Number) });
  const generation = (await generationOf(budget.id)) ?? 0;
  await insertRun(db(), { startedAt: new Date(), isFull: true });
  await expect.poll(() => generationOf(budget.id), SOON).toBeGreaterThan(generation);
  expect(await lock()).toEqual(before);
  expect(await told()).toHaveLength(3);
});
