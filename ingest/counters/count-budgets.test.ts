import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CallRowOptions } from "@/db/clickhouse/testing/make-call-row";
import type { Postgres } from "@/db/postgres";
import { changePolicyVersion } from "@/db/queries/policy";
import { alerts } from "@/db/schema/alerts";
import { budgetShifts, budgets } from "@/db/schema/budgets";
import { createBudgetCounting, type SettledCall } from "@/ingest/counters/count-budgets";
import { createSpendCounting } from "@/ingest/counters/count-spend";
import { COUNTERS_READER, startCounting } from "@/ingest/counters/count-spool";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import { toSpoolEvents, toSpoolLines } from "@/ingest/testing/budget-rows";
import { readCounters } from "@/ingest/testing/counted-events";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";
import { createLog } from "@/lib/log";
import { listPostgresEngines } from "@/lib/testing/list-postgres-engines";
import {
  countersOf,
  makeBudget,
  makeHold,
  makeReservation,
  readReservation,
} from "@/lib/testing/test-budgets";

const log = createLog("silent");
const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = "2026-11-21T00:00:00Z";

describe.each(listPostgresEngines())("on $engine", ({ engine, open }) => {
  let postgres: Postgres;
  let projectId: string;
  const settled: SettledCall[] = [];

  beforeAll(async () => {
    postgres = await open();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    projectId = randomUUID();
    settled.length = 0;
    await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      await tx.delete(budgets);
    });
  });

  const makeCounting = () =>
    createBudgetCounting({
      policy: createPolicyHolder(),
      postgres,
      log,
      onSettled: (calls) => settled.push(...calls),
      now: () => NOON,
    });
  async function countLines(
    lines: string,
    sign: 1 | -1 = 1,
    how: "together" | "apart" = "together",
  ) {
    const write = makeCounting()(lines, sign);
    await postgres.db.transaction((tx) => write(tx, how));
  }
  const call = (given: Partial<CallRowOptions> = {}): CallRowOptions => {
    return { project_id: projectId, id: randomUUID(), atMs: NOON, ...given };
  };
  const count = (...calls: CallRowOptions[]) => countLines(toSpoolLines(calls));
  const make = (given: Parameters<typeof makeBudget>[1] = {}) =>
    makeBudget(postgres.db, { projectId, ...given });
  const counters = (budget: { id: string }, generation = 1) =>
    countersOf(postgres.db, budget.id, generation);

  test("every measure counts what it means, by the event's own tags, zone and period", async () => {
    const budget = await make({
      scope: "agent",
      value: "*",
      mode: "observe",
      timeZone: "Asia/Kathmandu",
    });
    await count(
      call({ agent: "a", cost_usd: "0.100000000000001", duration_ms: 12.5 }),
      call({ agent: "a", type: "tool", cost_usd: null, duration_ms: 7 }),
      call({ agent: "a", type: "agent", cost_usd: "0", duration_ms: 5_000 }),
      call({ agent: "", cost_usd: "2" }),
      // 18:15 UTC is the next day in Kathmandu.
      call({ agent: "a", atMs: Date.UTC(2026, 10, 21, 18, 15), cost_usd: "4" }),
      call({ agent: "a", cost_usd: "9", project_id: randomUUID() }),
    );
    expect(await counters(budget)).toEqual([
      {
        value: "",
        period: "2026-11-20T18:15:00Z",
        spentUsd: "2",
        spentTokens: "110",
        spentCalls: "1",
      },
      {
        value: "a",
        period: "2026-11-20T18:15:00Z",
        spentUsd: "0.100000000000001",
        spentTokens: "110",
        spentCalls: "1",
        spentToolCalls: "1",
        spentMs: "20",
        unknownCosts: "1",
      },
      {
        value: "a",
        period: "2026-11-21T18:15:00Z",
        spentUsd: "4",
        spentTokens: "110",
        spentCalls: "1",
      },
    ]);
  });

  test("an unpriced call costs what the budget's rate says, to the last digit, and stays unknown without usage", async () => {
    const budget = await make({
      mode: "observe",
      unpriced: "rate",
      unpricedUsdPerMtok: "0.000000001",
    });
    await count(call({ cost_usd: null }), call({ cost_usd: null, has_usage: false }));
    expect(await counters(budget)).toMatchObject([
      { spentUsd: "0.00000000000011", unknownCosts: "1" },
    ]);
  });

  test("an event settles its hold: reserved goes down by all of it, spent up by the cost, and what was dearer is unreserved", async () => {
    const [cheap, dear] = [await make({ mode: "strict" }), await make({ limitUsd: "5" })];
    const holds = [makeHold(cheap.id, { usd: "3" }), makeHold(dear.id, { usd: "1" })];
    const id = await makeReservation(postgres.db, projectId, holds);
    const event = call({ reservation_id: id, cost_usd: "1.5", output_tokens: 20 });
    await count(event);
    const spent = { spentUsd: "1.5", spentTokens: "120", spentCalls: "1" };
    expect(await counters(cheap)).toEqual([{ value: "", period: DAY, ...spent }]);
    expect(await counters(dear)).toEqual([
      { value: "", period: DAY, ...spent, unreservedUsd: "0.5", unreservedEvents: "1" },
    ]);
    expect(await readReservation(postgres.db, id)).toMatchObject({
      state: "settled",
      eventId: event.id,
      eventBucket: NOON / 1000,
    });
    expect(settled).toMatchObject([{ call: { outputTokens: 20n }, reservation: { id } }]);
  });

  test("a second event, a foreign one, one made up and one without a reservation count in full and are unreserved", async () => {
    const everywhere = await makeBudget(postgres.db, { projectId: null });
    const id = await makeReservation(postgres.db, projectId, [makeHold(everywhere.id)]);
    await count(
      call({ reservation_id: id, cost_usd: "0.25", project_id: randomUUID() }),
      call({ reservation_id: id, cost_usd: "0.5" }),
      call({ reservation_id: id, cost_usd: "1" }),
    );
    await count(
      call({ reservation_id: id, cost_usd: "2" }),
      call({ reservation_id: "made up", cost_usd: "4" }),
      call({ cost_usd: "8" }),
      call({ type: "step", cost_usd: "0" }),
    );
    expect(await counters(everywhere)).toMatchObject([
      { spentUsd: "15.75", unreservedUsd: "15.25", unreservedEvents: "5" },
    ]);
    expect((await counters(everywhere))[0]).not.toHaveProperty("reservedUsd");
  });

  test("an event counts in its hold's period, which is noted where its own time says another", async () => {
    const budget = await make();
    const id = await makeReservation(postgres.db, projectId, [makeHold(budget.id)]);
    const late = call({ reservation_id: id, cost_usd: "1", atMs: Date.UTC(2026, 10, 22, 1) });
    await count(late, call({ cost_usd: "2", atMs: Date.UTC(2026, 10, 22, 1) }));
    expect(await counters(budget)).toMatchObject([
      { period: DAY, spentUsd: "1" },
      { period: "2026-11-22T00:00:00Z", spentUsd: "2", unreservedUsd: "2" },
    ]);
    const shifts = await postgres.db
      .select()
      .from(budgetShifts)
      .where(eq(budgetShifts.budgetId, budget.id));
    expect(shifts).toMatchObject([{ eventId: late.id, period: DAY }]);
  });

  test("an event whose tags differ from its reservation's counts by its own, and frees the hold all the same", async () => {
    const budget = await make({ scope: "agent", value: "*" });
    const id = await makeReservation(postgres.db, projectId, [makeHold(budget.id, { value: "a" })]);
    await count(call({ reservation_id: id, agent: "b", cost_usd: "1" }));
    expect(await counters(budget)).toMatchObject([
      { value: "b", spentUsd: "1", unreservedUsd: "1", unreservedEvents: "1" },
    ]);
  });

  test("of an expired reservation nothing is given back twice; a presumed one gives back what is strict; a released one buys nothing", async () => {
    const [strict, soft] = [await make({ mode: "strict" }), await make()];
    const holds = [makeHold(strict.id, { mode: "strict" }), makeHold(soft.id)];
    for (const state of ["expired", "presumed", "released"] as const) {
      const id = await makeReservation(postgres.db, projectId, [], { state, holds });
      if (state === "presumed") await holdAgain(strict.id);
      await count(call({ reservation_id: id, cost_usd: "0.5" }));
      const row = await readReservation(postgres.db, id);
      expect(row?.state).toBe(state === "released" ? "released" : "settled");
    }
    const unreserved = { unreservedUsd: "0.5", unreservedEvents: "1" };
    for (const budget of [strict, soft]) {
      const [counter] = await counters(budget);
      expect(counter).toMatchObject({ spentUsd: "1.5", ...unreserved });
      expect(counter).not.toHaveProperty("reservedUsd");
    }
  });
  /** What is still held of a reservation that expired. */
  const holdAgain = (budgetId: string) =>
    makeReservation(postgres.db, projectId, [makeHold(budgetId, { mode: "strict" })]);

  test("while a generation is built, what arrived before it counts in the old one and what came later in both", async () => {
    const afterUs = NOON * 1000;
    const budget = await make({ mode: "observe", nextGeneration: 2, nextAfterUs: afterUs });
    const fresh = await make({
      mode: "observe",
      generation: 0,
      nextGeneration: 1,
      nextAfterUs: afterUs,
    });
    const waiting = await make({ mode: "observe", generation: 0 });
    await count(
      call({ cost_usd: "1", ingestedAtUs: afterUs }),
      call({ cost_usd: "2", ingestedAtUs: afterUs + 1 }),
    );
    expect(await counters(budget)).toMatchObject([{ spentUsd: "3" }]);
    expect(await counters(budget, 2)).toMatchObject([{ spentUsd: "2" }]);
    expect(await counters(fresh)).toMatchObject([{ spentUsd: "2" }]);
    expect(await counters(waiting)).toEqual([]);
  });

  test("what is taken back leaves no trace, where it was counted", async () => {
    const budget = await make();
    const built = await make({ nextAfterUs: NOON * 1000 });
    const id = await makeReservation(postgres.db, projectId, [makeHold(budget.id)]);
    const arrived = { ingestedAtUs: NOON * 1000 };
    const lines = [
      toSpoolLines([
        call({ reservation_id: id, atMs: NOON + 86_400_000, cost_usd: "3", ...arrived }),
      ]),
      toSpoolLines([call({ cost_usd: "4", ...arrived })]),
    ];
    for (const line of lines) await countLines(line);
    for (const line of lines) await countLines(line, -1, "apart");
    expect(await counters(budget)).toEqual([]);
    // It was summed from a ledger that never had them: there is nothing to take back.
    expect(await counters(built)).toMatchObject([{ spentUsd: "7" }]);
    // Tried again, it counts.
    await countLines(lines[1] ?? "");
    expect(await counters(budget)).toMatchObject([{ spentUsd: "4" }]);
  });

  test("names that PostgreSQL cannot keep, broken rows and a sum past its digits stop nothing", async () => {
    const budget = await make({ scope: "agent", value: "*", mode: "observe" });
    await count(call({ agent: "absurd", cost_usd: "9999999999999999" }));
    await postgres.db.execute(
      `update budget_counters set spent_usd = 99999999999999999999999 where budget_id = '${budget.id}'`,
    );
    const lines = [
      `{"version":"1","ingested_at":"x","project_id":"${projectId}","bucket":900,"id":"x"}\n`,
      `{"project_id":"${projectId}","bucket":900\n`,
      toSpoolLines([
        call({ agent: "absurd", cost_usd: "9999999999999999" }),
        call({ agent: "a\0b", cost_usd: "1", reservation_id: "\0", duration_ms: 1e300 }),
        call({ agent: "fine", cost_usd: "1" }),
      ]),
    ].join("");
    await expect(countLines(lines)).rejects.toThrow();
    await countLines(lines, 1, "apart");
    expect(await counters(budget)).toMatchObject([
      { value: "absurd", spentCalls: "1" },
      { value: "a\uFFFDb", spentUsd: "1" },
      { value: "fine", spentUsd: "1" },
    ]);
  });

  test.runIf(engine === "PostgreSQL 15")(
    "an event that two processes accepted counts once, and settles once, even at the same time",
    async () => {
      const budget = await make();
      const id = await makeReservation(postgres.db, projectId, [makeHold(budget.id)]);
      const calls = [call({ reservation_id: id, cost_usd: "1" }), call({ cost_usd: "2" })];
      await Promise.all([count(...calls), count(...calls.toReversed()), count(...calls)]);
      await count(...calls);
      expect(await counters(budget)).toMatchObject([
        { spentUsd: "3", spentCalls: "2", unreservedUsd: "2", unreservedEvents: "1" },
      ]);
    },
  );

  test("killed between PostgreSQL's commit and the spool's mark, budgets count and tell once, beside the counters", async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-count-budgets-"));
    const budget = await make({
      mode: "observe",
      limitUsd: "4",
      thresholds: [...ESCALATION_TEMPLATE],
    });
    const told = async () =>
      (
        await postgres.db
          .select({ percent: alerts.percent })
          .from(alerts)
          .where(eq(alerts.budgetId, budget.id))
          .orderBy(alerts.percent)
      ).map(({ percent }) => Number(percent));
    const open = () =>
      openSpool({ dir, maxBytes: 64 * 1024 * 1024, readers: [COUNTERS_READER], log });
    const start = (spool: Spool) =>
      startCounting({
        spool,
        postgres,
        countings: [makeCounting(), createSpendCounting(log)],
        callsBacklog: () => spool.reader(COUNTERS_READER).backlog(),
        log,
        lingerMs: 1,
      });
    try {
      let spool = open();
      const dead: Spool = {
        ...spool,
        reader: (name) => ({
          ...spool.reader(name),
          advance: () => Promise.reject(new Error("killed")),
        }),
      };
      const killed = start(dead);
      await spool.append(toSpoolEvents([call({ cost_usd: "1" }), call({ cost_usd: "2" })]));
      await expect.poll(() => counters(budget)).toMatchObject([{ spentUsd: "3" }]);
      expect(await told()).toEqual([70]);
      await killed.close(0);
      await spool.close();
      spool = open();
      const again = start(spool);
      await spool.append(toSpoolEvents([call({ cost_usd: "4" })]));
      await again.counted();
      expect(await counters(budget)).toMatchObject([{ spentUsd: "7", spentCalls: "3" }]);
      expect(await told()).toEqual([70, 100, 120]);
      const [spend] = await readCounters(postgres.db, projectId);
      expect(spend).toMatchObject({ events: 3, costUsd: "7.000000000000000" });
      await again.close(0);
      await spool.close();
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
  });
});
