import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import type { Postgres } from "@/db/postgres";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import { insertProject } from "@/db/queries/projects";
import { alertRules, alerts } from "@/db/schema/alerts";
import { budgets } from "@/db/schema/budgets";
import { projects } from "@/db/schema/projects";
import { SpendWatch } from "@/lib/alerts/watch-spend";
import { ChangeWriter } from "@/lib/integrity/repair-day";
import { createLog } from "@/lib/log";
import { createPriceBook } from "@/lib/prices/price-book";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { makeBudget } from "@/lib/testing/test-budgets";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Thursday, in the fourth week of what the tests write. */
const NOW = Date.parse("2026-11-19T14:20:00Z");

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let postgres: Postgres;
let projectId: string;
let nowMs = NOW;
let freshMs: number | null = null;
let made = 0;
const numbers = new GenerationNumbers();
const writer = new ChangeWriter();

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
  postgres = await openTestPostgres();
});
afterAll(async () => {
  await store.close();
  await postgres.close();
});
beforeEach(async () => {
  const { db } = postgres;
  // What an earlier test left is nobody's any more.
  await db.update(projects).set({ archivedAt: new Date() });
  for (const table of [alerts, alertRules, budgets]) await db.delete(table);
  made += 1;
  const slug = `watched-${made}`;
  projectId = (await insertProject(db, { slug, name: slug }))?.id ?? "";
  nowMs = NOW;
  freshMs = null;
});

const openWatch = (engine: ClickHouse = clickhouse) =>
  new SpendWatch({
    clickhouse: engine,
    db: postgres.db,
    prices: createPriceBook({ overrides: [] }),
    env: { timeZone: "UTC" },
    freshness: async () => ({ events: 0, freshToMs: freshMs ?? nowMs }),
    now: () => nowMs,
  });

type Call = Omit<CallRowOptions, "ingestedAtUs"> & {
  id: string;
  /** Milliseconds after its own time. */
  lateMs?: number;
};

async function write(calls: readonly Call[]): Promise<void> {
  const rows = calls.map(({ lateMs = 1_000, ...call }, index) =>
    makeCallRow({
      project_id: projectId,
      ...call,
      ingestedAtUs: (call.atMs + lateMs) * 1000 + index,
    }),
  );
  await clickhouse.insertLines("llm_calls", toLines(rows));
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  const touched = buckets.map((bucket) => ({ projectId, bucket }));
  await insertBucketChanges(clickhouse, touched, writer.next());
}

/** A call every ten minutes of these hours before the last hour, each hour for so much. */
const everyHour = (hours: number, costUsd: string, given: Partial<Call> = {}): Call[] =>
  Array.from({ length: hours * 6 }, (_, index) => {
    const atMs = NOW - HOUR - (index + 1) * 10 * MINUTE;
    return { id: `${given.agent ?? "a"}-${index}`, cost_usd: costUsd, ...given, atMs };
  });

const rebuild = () =>
  rebuildRollups({
    clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => NOW,
    graceMs: 0,
    debounceMs: -1_000 * HOUR,
    mustStop: () => false,
  });

const told = async (kind?: string) =>
  (await postgres.db.select().from(alerts).orderBy(alerts.openedAt, alerts.key)).filter(
    (row) => kind === undefined || row.kind === kind,
  );

test.each([false, true])(
  "a spike tells the exact dollars of the hour, of the usual and whom they are of (rollups: %s)",
  async (isRolled) => {
    await write(everyHour(26, "0.1", { agent: "planner", feature: "search" }));
    await write(everyHour(26, "0.0000000000001", { agent: "quiet", feature: "search" }));
    if (isRolled) await rebuild();
    await write([
      { id: "loop-1", atMs: NOW - 50 * MINUTE, cost_usd: "4.5", agent: "planner" },
      { id: "loop-2", atMs: NOW - 1 * MINUTE, cost_usd: "0.000000000000001", agent: "planner" },
      { id: "after", atMs: NOW, cost_usd: "99", agent: "planner" },
      { id: "before", atMs: NOW - HOUR - 1, cost_usd: "0.3", agent: "other", feature: "" },
    ]);
    const watch = openWatch();
    expect(await watch.look()).toEqual({ recorded: 3, resolved: 0 });
    const rows = await told("spike");
    expect(rows.map(({ value }) => value).sort()).toEqual(["planner", "search", null].sort());
    const agent = rows.find(({ value }) => value === "planner");
    expect(agent).toMatchObject({
      subject: `spike:${projectId}:agent:planner`,
      projectId,
      audience: ["lead", "engineering"],
      facts: {
        kind: "spike",
        dimension: "agent",
        value: "planner",
        from: "2026-11-19T13:20:00.000Z",
        to: "2026-11-19T14:20:00.000Z",
        usd: "4.500000000000001",
        usual_usd: "0.6",
        multiple: 7.5,
        weekly_usd: null,
      },
    });
    expect(rows.find(({ value }) => value === null)).toMatchObject({
      facts: { usual_usd: "0.6000000000006" },
    });
    expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
  },
);

test("two processes that look at once tell each spike once", async () => {
  await write(everyHour(26, "0.1"));
  await write([{ id: "loop", atMs: NOW - MINUTE, cost_usd: "5" }]);
  const looks = await Promise.all([openWatch().look(), openWatch().look(), openWatch().look()]);
  expect(looks.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(3);
  expect(await told("spike")).toHaveLength(3);
});

test("a spike is over when the hour is below, and is told again an hour after that and not before", async () => {
  await write(everyHour(26, "0.1"));
  await write([{ id: "loop", atMs: NOW - MINUTE, cost_usd: "5" }]);
  const watch = openWatch();
  await watch.look();
  nowMs = NOW + HOUR - 2 * MINUTE;
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
  nowMs = NOW + HOUR;
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 3 });
  await write([{ id: "again", atMs: NOW + 61 * MINUTE, cost_usd: "9" }]);
  nowMs = NOW + 62 * MINUTE;
  expect((await watch.look()).recorded).toBe(0);
  await write([{ id: "still", atMs: NOW + 119 * MINUTE, cost_usd: "9" }]);
  nowMs = NOW + 2 * HOUR;
  expect((await watch.look()).recorded).toBe(3);
  expect(await told("spike")).toHaveLength(6);
});

test("replayed and late events, and what is older than the hour, tell nobody", async () => {
  await write(everyHour(26, "0.1"));
  const watch = openWatch();
  await watch.look();
  // The same events again, received now.
  const replayed = everyHour(26, "0.1").map((call) => ({ ...call, lateMs: NOW - call.atMs }));
  await write(replayed);
  await write([
    { id: "late-1", atMs: NOW - 45 * MINUTE, cost_usd: "50", lateMs: 44 * MINUTE },
    { id: "late-2", atMs: NOW - 31 * MINUTE, cost_usd: "50", lateMs: 31 * MINUTE },
    { id: "old", atMs: NOW - 5 * HOUR, cost_usd: "500", lateMs: 5 * HOUR },
  ]);
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
});

test.each([
  ["from the oldest on", false],
  ["from the newest on", true],
])("thirty days sent at once tell nobody, %s", async (_, isReversed) => {
  const days = Array.from({ length: 30 * 24 }, (_unused, index): Call => {
    const atMs = NOW - index * HOUR - MINUTE;
    const isDay = new Date(atMs).getUTCHours() >= 8 && new Date(atMs).getUTCHours() < 18;
    return {
      id: `import-${index}`,
      atMs,
      lateMs: NOW - atMs,
      cost_usd: isDay ? "9" : "1",
      model: "a-model-nobody-knows",
      cost_status: "unpriced",
      source: "importer",
    };
  });
  const ordered = isReversed ? days : days.toReversed();
  const watch = openWatch();
  for (let start = 0; start < ordered.length; start += 60) {
    await write(ordered.slice(start, start + 60));
    if (start % 240 === 0) expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
  }
  nowMs = NOW + 3 * HOUR;
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
});

test("from the third week on an hour is compared with the same hour of the weeks before", async () => {
  await write(everyHour(26, "0.1"));
  const weeks = [1, 2].map((week): Call => {
    return { id: `week-${week}`, atMs: NOW - week * 7 * DAY - 30 * MINUTE, cost_usd: "5" };
  });
  await write(weeks.slice(0, 1));
  await write([{ id: "now", atMs: NOW - 30 * MINUTE, cost_usd: "5" }]);
  const look = async () => {
    await postgres.db.delete(alerts);
    return (await openWatch().look()).recorded;
  };
  expect(await look()).toBe(3);
  await write(weeks.slice(1));
  expect(await look()).toBe(0);
});

test("a rule that is off, or a floor that is higher, tells nobody", async () => {
  const { db } = postgres;
  await write(everyHour(26, "0.1"));
  await write([{ id: "loop", atMs: NOW - MINUTE, cost_usd: "5" }]);
  const rule = { kind: "spike", audience: ["finance"], updatedBy: "test" };
  const options = { multiple: 3 };
  await db.insert(alertRules).values({ ...rule, options, enabled: false, floorUsd: "1" });
  expect((await openWatch().look()).recorded).toBe(0);
  await db
    .insert(alertRules)
    .values({ ...rule, options, projectId, enabled: true, floorUsd: "5.01" });
  expect((await openWatch().look()).recorded).toBe(0);
  await db.update(alertRules).set({ enabled: true, floorUsd: "5" });
  expect((await openWatch().look()).recorded).toBe(3);
  expect((await told("spike"))[0]?.audience).toEqual(["finance"]);
});

test("while the calls store is away nothing is told, nothing ends, and the job says that it failed", async () => {
  await write(everyHour(26, "0.1", { source: "worker" }));
  await write([{ id: "loop", atMs: NOW - MINUTE, cost_usd: "5", source: "worker" }]);
  await openWatch().look();
  nowMs = NOW + 5 * HOUR;
  const away: ClickHouse = {
    ...clickhouse,
    query: () => Promise.reject(new Error("the store is away")),
  };
  await expect(openWatch(away).look()).rejects.toThrow("the store is away");
  expect((await told()).map(({ kind, resolvedAt }) => [kind, resolvedAt])).toEqual([
    ["spike", null],
    ["spike", null],
    ["spike", null],
  ]);
});

test("a source that stops is told once, ends when it sends again, and tells again when it stops again", async () => {
  const watch = openWatch();
  // It was there all along: the watch knows nothing of the time before it.
  nowMs = NOW - 10 * HOUR;
  const patient = openWatch();
  nowMs = NOW;
  await write(everyHour(26, "0.001", { source: "worker-1" }));
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
  nowMs = NOW + 9 * MINUTE;
  expect((await patient.look()).recorded).toBe(1);
  expect(await told("silence")).toMatchObject([
    {
      subject: `silence:${projectId}:worker-1`,
      audience: ["engineering"],
      facts: {
        kind: "silence",
        source: "worker-1",
        last_at: "2026-11-19T13:10:00.000Z",
        silent_seconds: 79 * 60,
        longest_gap_seconds: 600,
      },
    },
  ]);
  nowMs = NOW + 30 * MINUTE;
  expect(await patient.look()).toEqual({ recorded: 0, resolved: 0 });
  // Replayed: no sign of life, and no second silence.
  await write(everyHour(1, "0.001", { source: "worker-1", lateMs: 3 * HOUR }));
  expect(await patient.look()).toEqual({ recorded: 0, resolved: 0 });
  await write([{ id: "back", atMs: NOW + 30 * MINUTE, source: "worker-1" }]);
  nowMs = NOW + 31 * MINUTE;
  expect(await patient.look()).toEqual({ recorded: 0, resolved: 1 });
  nowMs = NOW + 5 * HOUR;
  expect((await patient.look()).recorded).toBe(1);
});

test("what waits in the spool is not silent, nor what could not reach us", async () => {
  nowMs = NOW - 10 * HOUR;
  const watch = openWatch();
  await write(everyHour(26, "0.001", { source: "worker-2" }));
  // The calls reach only up to here; what came since waits.
  freshMs = NOW - HOUR;
  nowMs = NOW + 8 * HOUR;
  expect((await watch.look()).recorded).toBe(0);
  // Caught up: whoever was refused meanwhile has an hour to come back.
  freshMs = null;
  nowMs = NOW + 8 * HOUR + MINUTE;
  expect((await watch.look()).recorded).toBe(0);
  nowMs = NOW + 9 * HOUR - MINUTE;
  expect((await watch.look()).recorded).toBe(0);
  nowMs = NOW + 9 * HOUR;
  expect((await watch.look()).recorded).toBe(1);
});

test("a model without a price is told once and ends with a price; a share above the limit is told once a day", async () => {
  const unknown = { model: "house-model-7", provider: "house", cost_usd: null };
  const calls = Array.from({ length: 40 }, (_, index): Call => {
    const isUnknown = index < 3;
    return {
      id: `p-${index}`,
      atMs: NOW - (index + 1) * MINUTE,
      cost_usd: "0.001",
      ...(isUnknown ? { ...unknown, cost_status: "unpriced" as const } : {}),
    };
  });
  await write(calls);
  const watch = openWatch();
  expect((await watch.look()).recorded).toBe(2);
  expect((await told("unpriced")).map(({ facts }) => facts)).toEqual(
    expect.arrayContaining([
      { kind: "unpriced", model: "house-model-7", provider: "house", calls: 3 },
      { kind: "unpriced", share_percent: 7.5, calls: 40, unpriced_calls: 3 },
    ]),
  );
  expect((await openWatch().look()).recorded).toBe(0);
  nowMs = NOW + DAY + HOUR;
  // Nothing of it is in the last day: the share is over, the model has no price yet.
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 1 });
});

test("a budget that ends before its period is told once a period and limit, with the day it runs out", async () => {
  const { db } = postgres;
  const period = "2026-11-01T00:00:00Z";
  const budget = await makeBudget(db, {
    projectId,
    scope: "agent",
    value: "*",
    window: "month",
    limitUsd: "100",
  });
  const count = (value: string, spentUsd: string) =>
    addToBudgetCounters(db, [{ budgetId: budget.id, generation: 1, value, period, spentUsd }]);
  nowMs = Date.parse("2026-11-16T00:00:00Z");
  await count("fast", "60");
  await count("just", "50");
  await count("spent", "101");
  const watch = openWatch();
  expect((await watch.look()).recorded).toBe(1);
  expect(await told("forecast")).toMatchObject([
    {
      subject: `budget:${budget.id}:fast`,
      budgetId: budget.id,
      value: "fast",
      period,
      limitRevision: 1,
      facts: {
        spent_usd: "60",
        limit_usd: "100",
        forecast_usd: "120",
        runs_out_at: "2026-11-26T00:00:00.000Z",
        period: { from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" },
      },
    },
  ]);
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 0 });
  await db.update(budgets).set({ limitUsd: "110", limitRevision: 2 });
  // What was spent already is not any more.
  expect(await watch.look()).toEqual({ recorded: 2, resolved: 1 });
  nowMs = Date.parse("2026-12-03T00:00:00Z");
  expect(await watch.look()).toEqual({ recorded: 0, resolved: 2 });
});
