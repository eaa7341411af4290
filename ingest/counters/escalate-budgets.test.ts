import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CallRowOptions } from "@/db/clickhouse/testing/make-call-row";
import { openPostgres, type Postgres } from "@/db/postgres";
import { listBudgetCounters } from "@/db/queries/budget-counters";
import { changePolicyVersion, readPolicyVersions } from "@/db/queries/policy";
import { alertRules, alerts } from "@/db/schema/alerts";
import { budgets } from "@/db/schema/budgets";
import { createBudgetCounting } from "@/ingest/counters/count-budgets";
import { toSpoolLines } from "@/ingest/testing/budget-rows";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { resolveEndedAlerts } from "@/lib/budgets/resolve-ended-alerts";
import { ESCALATION_TEMPLATE } from "@/lib/budgets/stages";
import { createLog } from "@/lib/log";
import { openTestDesk } from "@/lib/reservations/testing/open-test-desk";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { propertyRuns } from "@/lib/testing/property-runs";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { makeBudget, makeHold, makeReservation, type TestBudget } from "@/lib/testing/test-budgets";

const log = createLog("silent");
const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;
let server: PostgresServer | null = null;
const ENGINES = [
  { engine: "PGlite", open: openTestPostgres },
  {
    engine: "PostgreSQL 15",
    open: async () => {
      server ??= await startPostgres15();
      return openPostgres({ databaseUrl: server.createDatabase(), dataDir: "unused", log });
    },
  },
].filter(({ engine }) => engine === "PGlite" || hasPostgres15);
afterAll(() => server?.stop());

describe.each(ENGINES)("on $engine", ({ engine, open }) => {
  let postgres: Postgres;
  let projectId: string;

  beforeAll(async () => {
    postgres = await open();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    projectId = randomUUID();
    await postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      await tx.delete(budgets);
    });
  });

  /** A process: it has its own policy, and its own memory of what was recorded. */
  const startProcess = (nowMs = NOON) => {
    const counting = createBudgetCounting({
      policy: createPolicyHolder(),
      postgres,
      log,
      now: () => nowMs,
    });
    return async (calls: CallRowOptions[], sign: 1 | -1 = 1) => {
      const write = counting(toSpoolLines(calls), sign);
      await postgres.db.transaction((tx) => write(tx, "together"));
    };
  };
  const call = (given: Partial<CallRowOptions> = {}): CallRowOptions => {
    return { project_id: projectId, id: randomUUID(), atMs: NOON, cost_usd: "1", ...given };
  };
  const make = (given: TestBudget = {}) =>
    makeBudget(postgres.db, {
      projectId,
      limitUsd: "100",
      thresholds: [...ESCALATION_TEMPLATE],
      ...given,
    });
  const alertsOf = (budget: { id: string }) =>
    postgres.db
      .select()
      .from(alerts)
      .where(eq(alerts.budgetId, budget.id))
      .orderBy(asc(alerts.value), asc(alerts.period), asc(alerts.percent), asc(alerts.kind));
  const percentsOf = async (budget: { id: string }) =>
    (await alertsOf(budget)).map(({ percent }) => Number(percent));
  const locksOf = async (budget: { id: string }) =>
    (await listBudgetCounters(postgres.db, { budgetId: budget.id, generation: 1 }))
      .filter(({ lockedAtMs }) => lockedAtMs !== null)
      .map(({ value, lockPercent, lockRevision }) => ({ value, lockPercent, lockRevision }));
  const toldVersion = async () => (await readPolicyVersions(postgres.db)).toldVersion;

  test("10,000 events in any blocks and order tell each stage once and lock once, from two processes at once", async () => {
    const events = 10_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 200, max: 4_000 }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (sizes, isShared) => {
          // 10 dollars altogether: 125 % of the limit.
          const budget = await make({ limitUsd: "8" });
          const all = Array.from({ length: events }, (_, at) =>
            call({ cost_usd: at % 3 === 0 ? "0.0018" : "0.0006" }),
          );
          const blocks: CallRowOptions[][] = [];
          for (let at = 0, turn = 0; at < events; turn++) {
            const size = sizes[turn % sizes.length] ?? events;
            blocks.push(all.slice(at, at + size));
            at += size;
          }
          const [a, b] = [startProcess(), startProcess()];
          const run = async (count: typeof a, own: CallRowOptions[][]) => {
            for (const block of own) await count(block);
          };
          const half = isShared ? Math.floor(blocks.length / 2) : 0;
          await Promise.all([run(a, blocks.slice(0, half)), run(b, blocks.slice(half))]);
          expect(await percentsOf(budget)).toEqual([70, 100, 120]);
          expect(await locksOf(budget)).toEqual([{ value: "", lockPercent: 120, lockRevision: 1 }]);
        },
      ),
      { numRuns: propertyRuns(4) },
    );
  }, 240_000);

  test("a jump over the stages tells each of them, with what stood then, who is told and what comes next", async () => {
    const budget = await make({ name: "Agents", scope: "agent", value: "*" });
    await startProcess()([call({ agent: "a:b%", cost_usd: "119.5" }), call({ agent: "c" })]);
    const found = await alertsOf(budget);
    expect(found).toMatchObject([
      {
        kind: "threshold",
        key: `threshold:${budget.id}:a%3Ab%25:2026-11-21T00%3A00%3A00Z:70:1`,
        subject: `budget:${budget.id}:a:b%`,
        projectId,
        value: "a:b%",
        period: "2026-11-21T00:00:00Z",
        action: null,
        audience: ["lead"],
        openedAt: new Date(NOON),
        facts: {
          budget_name: "Agents",
          measure: "usd",
          spent: "119.5",
          limit: "100",
          percent: 70,
          used_percent: 119,
          action: null,
          period: { from: "2026-11-21T00:00:00.000Z", to: "2026-11-22T00:00:00.000Z" },
          next: { percent: 100, action: null },
        },
      },
      {
        percent: "100.00",
        audience: ["finance", "engineering"],
        facts: { next: { percent: 120, action: "lockout" } },
      },
    ]);
    expect(await locksOf(budget)).toEqual([]);
    await startProcess()([call({ agent: "a:b%", cost_usd: "0.5" })]);
    expect((await alertsOf(budget)).at(-1)).toMatchObject({
      percent: "120.00",
      action: "lockout",
      audience: ["lead", "finance", "engineering"],
      facts: { spent: "120", next: null },
    });
    expect(await locksOf(budget)).toMatchObject([{ value: "a:b%" }]);
  });

  test("whatever measure is nearest crosses a stage", async () => {
    const budget = await make({ limitUsd: null, limitSeconds: 10n, limitCalls: 1_000n });
    await startProcess()([call({ duration_ms: 7_500.4 })]);
    expect(await alertsOf(budget)).toMatchObject([
      { facts: { measure: "seconds", spent: "7.5", limit: "10" } },
    ]);
  });

  test("late and taken back events move counters and tell nobody; one ahead of its time tells when its period has come", async () => {
    const budget = await make();
    const today = startProcess();
    await today([call({ atMs: NOON - DAY, cost_usd: "150" })]);
    await today([call({ atMs: NOON + DAY, cost_usd: "150" })]);
    expect([await alertsOf(budget), await locksOf(budget)]).toEqual([[], []]);
    await startProcess(NOON + DAY)([call({ atMs: NOON + DAY })]);
    expect(await percentsOf(budget)).toEqual([70, 100, 120]);
    expect((await alertsOf(budget)).every(({ period }) => period === "2026-11-22T00:00:00Z")).toBe(
      true,
    );
    const other = await make();
    const lines = [call({ cost_usd: "69" }), call({ cost_usd: "3" })];
    await today(lines.slice(0, 1));
    await today(lines.slice(0, 1), -1);
    await today(lines.slice(1));
    expect(await alertsOf(other)).toEqual([]);
  });

  test.runIf(engine === "PostgreSQL 15")(
    "an event that is sent again tells nobody, also by another process",
    async () => {
      const budget = await make();
      const calls = [call({ cost_usd: "60" })];
      await Promise.all([startProcess()(calls), startProcess()(calls)]);
      await startProcess()(calls);
      expect(await alertsOf(budget)).toEqual([]);
    },
  );

  test("where sessions are the window, those with an event of the last 24 hours tell, each once", async () => {
    const budget = await make({ window: "session" });
    const count = startProcess();
    await count([
      call({ session: "old", atMs: NOON - DAY - 1, cost_usd: "80" }),
      call({ session: "new", atMs: NOON - DAY, cost_usd: "80" }),
    ]);
    expect(await alertsOf(budget)).toMatchObject([{ period: "new", facts: { period: null } }]);
    await count([call({ session: "old", cost_usd: "1" })]);
    await count([call({ session: "new", cost_usd: "1" })]);
    expect((await alertsOf(budget)).map(({ period }) => period)).toEqual(["new", "old"]);
  });

  test("what is voided below a stage neither unlocks nor tells again when it is crossed again", async () => {
    const budget = await make();
    const count = startProcess();
    const calls = [call({ cost_usd: "60" }), call({ cost_usd: "70" })];
    await count(calls);
    await count(calls.slice(1), -1);
    expect(await locksOf(budget)).toHaveLength(1);
    await startProcess()([call({ cost_usd: "70" })]);
    expect(await percentsOf(budget)).toEqual([70, 100, 120]);
  });

  test("observe tells all its stages and locks nothing; another project's events tell nothing", async () => {
    const budget = await make({ mode: "observe" });
    const everywhere = await make({ projectId: null, scope: "project", value: "*" });
    const other = randomUUID();
    await startProcess()([call({ project_id: other, cost_usd: "500" })]);
    expect(await alertsOf(budget)).toEqual([]);
    expect((await alertsOf(everywhere)).map((alert) => alert.projectId)).toEqual(
      Array(3).fill(other),
    );
    await startProcess()([call({ cost_usd: "500" })]);
    expect(await percentsOf(budget)).toEqual([70, 100, 120]);
    expect(await locksOf(budget)).toEqual([]);
    expect((await locksOf(everywhere)).map(({ value }) => value)).toEqual(
      [other, projectId].sort(),
    );
  });

  test("the first dollar that nobody reserved of a strict budget is told, once a counter; what was held is not", async () => {
    const budget = await make({ mode: "strict", thresholds: [] });
    const hold = makeHold(budget.id, { mode: "strict", usd: "5" });
    const id = await makeReservation(postgres.db, projectId, [hold]);
    const count = startProcess();
    await count([call({ reservation_id: id, cost_usd: "5" })]);
    expect(await alertsOf(budget)).toEqual([]);
    await count([call({ cost_usd: "2" })]);
    await count([call({ cost_usd: "3" })]);
    await startProcess()([call({ cost_usd: "4" })]);
    expect(await alertsOf(budget)).toMatchObject([
      {
        kind: "unreserved",
        key: `unreserved:${budget.id}::2026-11-21T00%3A00%3A00Z`,
        audience: ["engineering"],
        facts: { usd: "2", events: 1, period: "2026-11-21T00:00:00Z" },
      },
    ]);
    // A project may say from which amount on.
    const rule = { kind: "unreserved", projectId, enabled: true, updatedBy: "test" };
    await postgres.db.insert(alertRules).values({ ...rule, floorUsd: "10", audience: ["finance"] });
    const other = await make({ mode: "strict", thresholds: [] });
    await startProcess()([call({ cost_usd: "9" })]);
    expect(await alertsOf(other)).toEqual([]);
    await startProcess()([call({ cost_usd: "1" })]);
    expect(await alertsOf(other)).toMatchObject([{ audience: ["finance"], facts: { usd: "10" } }]);
  });

  test("a transaction that fails tells nobody and locks nothing; done again it does both once", async () => {
    const budget = await make();
    const counting = createBudgetCounting({
      policy: createPolicyHolder(),
      postgres,
      log,
      now: () => NOON,
    });
    const write = counting(toSpoolLines([call({ cost_usd: "130" })]), 1);
    for (let tries = 0; tries < 2; tries++) {
      const killed = postgres.db.transaction(async (tx) => {
        await write(tx, "together");
        throw new Error("killed");
      });
      await expect(killed).rejects.toThrow("killed");
      expect([await alertsOf(budget), await locksOf(budget)]).toEqual([[], []]);
    }
    for (let block = 0; block < 3; block++) {
      const next = block === 0 ? write : counting(toSpoolLines([call()]), 1);
      await postgres.db.transaction((tx) => next(tx, "apart"));
    }
    expect(await percentsOf(budget)).toEqual([70, 100, 120]);
    expect(await locksOf(budget)).toHaveLength(1);
  });

  test("a lock holds for the very next reservation of its value and for none other, and ends with its period", async () => {
    const budget = await make({ scope: "agent", value: "*", timeZone: "Europe/Berlin" });
    // The clocks go back in this night: the day has 25 hours.
    const night = Date.UTC(2026, 9, 25, 12);
    const endMs = Date.UTC(2026, 9, 25, 23);
    let nowMs = night;
    const desk = openTestDesk(postgres.db, { now: () => nowMs });
    const ask = (agent: string, id?: string) =>
      desk.reserve(projectId, { agent, ...(id ? { id } : {}) });
    expect(await ask("a", "before")).toMatchObject({ decision: "allow" });
    await startProcess(night)([call({ agent: "a", atMs: night, cost_usd: "120" })]);
    const refused = {
      decision: "block",
      reservation_id: null,
      reasons: [
        {
          code: "budget_locked",
          budget_id: budget.id,
          message:
            'The budget "test" for agent "a" is locked since 2026-10-25T12:00:00Z: it passed 120 % of its limit. It opens at 2026-10-25T23:00:00Z, or when an admin unlocks it or its limit is changed.',
        },
      ],
    };
    expect(await ask("a")).toMatchObject(refused);
    // Who asks again under an id that holds is refused as well.
    expect(await ask("a", "before")).toMatchObject(refused);
    expect(await ask("b")).toMatchObject({ decision: "allow" });
    nowMs = endMs - 1;
    expect(await ask("a")).toMatchObject({ decision: "block" });
    nowMs = endMs;
    expect(await ask("a")).toMatchObject({ decision: "allow" });
    await desk.close();
  });

  test("before it is crossed a lockout refuses as block does, and the call below it goes through", async () => {
    await make({ limitUsd: "1" });
    const desk = openTestDesk(postgres.db, { now: () => NOON });
    const ask = (usd: string) => desk.reserve(projectId, { estimated_cost_usd: usd });
    expect(await ask("1.2")).toMatchObject({ decision: "allow" });
    expect(await ask("0.01")).toMatchObject({
      decision: "block",
      reasons: [{ code: "budget_exceeded" }],
    });
    await desk.close();
  });

  test("the told version moves with a state or a lock, once a transaction, and not with spending", async () => {
    const budget = await make({ scope: "agent", value: "*" });
    const count = startProcess();
    const steps = [
      ["10", 0],
      // 70 %, 100 %, and the lock.
      ["60", 1],
      ["10", 0],
      ["20", 1],
      ["10", 0],
      ["20", 1],
      ["10", 0],
    ] as const;
    for (const [usd, moves] of steps) {
      const before = await toldVersion();
      await count([call({ agent: "a", cost_usd: usd }), call({ agent: "b", cost_usd: usd })]);
      expect((await toldVersion()) - before, usd).toBe(moves);
    }
    const before = await toldVersion();
    await makeBudget(postgres.db, { projectId });
    expect(await toldVersion()).toBe(before + 1);
    expect(await locksOf(budget)).toHaveLength(2);
  });

  test("alerts are over when their period is, when their budget is removed, or when their session did not move for a day", async () => {
    const [days, sessions] = [await make(), await make({ window: "session" })];
    await startProcess()([call({ cost_usd: "80", session: "s" })]);
    const open = async () =>
      (await postgres.db.select().from(alerts).where(eq(alerts.projectId, projectId))).filter(
        ({ resolvedAt }) => resolvedAt === null,
      ).length;
    await resolveEndedAlerts(postgres.db, NOON + DAY / 2 - 1);
    expect(await open()).toBe(2);
    await resolveEndedAlerts(postgres.db, NOON + DAY / 2);
    expect(await open()).toBe(1);
    expect(await alertsOf(days)).toMatchObject([{ resolvedAt: new Date(NOON + DAY / 2) }]);
    // The counter moved just now, by PostgreSQL's clock.
    await resolveEndedAlerts(postgres.db, Date.now() + DAY - 60_000);
    expect(await open()).toBe(1);
    await resolveEndedAlerts(postgres.db, Date.now() + DAY + 60_000);
    expect(await alertsOf(sessions)).toMatchObject([{ resolvedAt: expect.any(Date) }]);
    const removed = await make();
    await startProcess()([call({ cost_usd: "80" })]);
    await postgres.db
      .update(budgets)
      .set({ archivedAt: new Date() })
      .where(eq(budgets.id, removed.id));
    await resolveEndedAlerts(postgres.db, NOON);
    expect(await alertsOf(removed)).toMatchObject([{ resolvedAt: new Date(NOON) }]);
  });
});
