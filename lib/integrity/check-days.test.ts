import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { deleteSealedCalls } from "@/db/clickhouse/queries/seal-day";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import type { Postgres } from "@/db/postgres";
import { findIntegrityDay, insertRun, listRuns } from "@/db/queries/integrity";
import { insertProject } from "@/db/queries/projects";
import { corrections } from "@/db/schema/corrections";
import { spendCounters, spools } from "@/db/schema/counters";
import { integrityDays, integrityRuns } from "@/db/schema/integrity";
import { projects } from "@/db/schema/projects";
import { OutlayError } from "@/lib/errors";
import { type CheckContext, checkDays, type Pending, toDate } from "@/lib/integrity/check-days";
import { DayWatch } from "@/lib/integrity/choose-due-days";
import { ChangeWriter } from "@/lib/integrity/repair-day";
import { runIntegrity } from "@/lib/integrity/run-integrity";
import { createLog } from "@/lib/log";
import { formatUsd, parseUsd } from "@/lib/money";
import { sealDay } from "@/lib/retention/seal-day";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
let postgres: Postgres;
let projectId: string;
let nowMs = 0;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const DAY = Date.parse("2026-11-10T00:00:00Z");
const DAY_SECONDS = DAY / 1000;
const HOUR = 3_600_000;
const pending = new Map<string, Pending>();
const drainWriter = new ChangeWriter();

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
  await startOver();
});

async function startOver(): Promise<void> {
  // What an earlier test left is nobody's any more.
  await postgres.db.update(projects).set({ archivedAt: new Date() });
  projectNumber += 1;
  const slug = `checked-${projectNumber}`;
  projectId = (await insertProject(postgres.db, { slug, name: slug }))?.id ?? "";
  nowMs = Date.parse("2026-11-22T00:00:00Z");
  pending.clear();
  for (const table of [spools, integrityRuns, integrityDays, corrections]) {
    await postgres.db.delete(table);
  }
  // Nor is it rebuilt with what this one writes, which is time and no part of any test.
  await clickhouse.command("TRUNCATE TABLE bucket_changes");
}

const context = (engine: ClickHouse = clickhouse): CheckContext => ({
  clickhouse: engine,
  db: postgres.db,
  log: createLog("silent"),
  changes: new ChangeWriter(),
  now: () => nowMs,
  pending,
  onRepair: () => undefined,
});

type Call = CallRowOptions & { id: string };

async function write(calls: readonly Call[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: projectId }));
  await clickhouse.insertLines("llm_calls", toLines(rows));
  await record(calls);
}

function record(calls: readonly Call[]): Promise<void> {
  const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
  const touched = buckets.map((bucket) => ({ projectId, bucket }));
  return insertBucketChanges(clickhouse, touched, drainWriter.next());
}

/** Adds to counters as the counters reader does. */
async function count(calls: readonly Call[]): Promise<void> {
  for (const { atMs, cost_usd = "0.001" } of calls) {
    const row = {
      projectId,
      bucket: toBucket(atMs * 1000),
      events: 1,
      costUsd: cost_usd ?? "0",
      unknownCosts: cost_usd === null ? 1 : 0,
      changedAt: new Date(nowMs),
    };
    await postgres.db
      .insert(spendCounters)
      .values(row)
      .onConflictDoUpdate({
        target: [spendCounters.projectId, spendCounters.bucket],
        set: {
          events: sql`${spendCounters.events} + 1`,
          costUsd: sql`${spendCounters.costUsd} + ${row.costUsd}::numeric`,
          unknownCosts: sql`${spendCounters.unknownCosts} + ${row.unknownCosts}`,
          changedAt: row.changedAt,
        },
      });
  }
}

const rebuild = (atMs = Date.now()) =>
  rebuildRollups({
    clickhouse,
    log: createLog("silent"),
    numbers,
    now: () => atMs,
    graceMs: 0,
    debounceMs: -1_000 * HOUR,
    mustStop: () => false,
  });

async function look(days: readonly number[] = [DAY_SECONDS]): Promise<void> {
  nowMs += 20_000;
  await checkDays(context(), projectId, days);
}

const stateOf = async (day = DAY_SECONDS) => findIntegrityDay(postgres.db, projectId, toDate(day));

const CALLS: Call[] = [
  { id: "a", atMs: DAY + HOUR, cost_usd: "1.5" },
  { id: "b", atMs: DAY + HOUR, cost_usd: null },
  { id: "c", atMs: DAY + 5 * HOUR, cost_usd: "0.000000000000001", type: "tool" },
];

test("what was sent, counted and rolled up is equal to the last digit", async () => {
  await write(CALLS);
  await write(CALLS);
  await count(CALLS);
  await rebuild();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "equal",
    callsEvents: 3,
    callsLlm: 2,
    callsUsd: "1.500000000000001",
    rollupEvents: 2,
    rollupUsd: "1.500000000000001",
    counterEvents: 3,
    counterUsd: "1.500000000000001",
    differenceUsd: "0.000000000000000",
    repair: null,
  });
});

test("without a clean rollup there is nothing to compare, which is not zero", async () => {
  await write(CALLS);
  await count(CALLS);
  await look();
  expect(await stateOf()).toMatchObject({ state: "equal", rollupEvents: null, rollupUsd: null });
});

test.each([
  ["of a bucket", 900, DAY / 1000 + 3600],
  ["of the day", 86_400, DAY / 1000],
])(
  "a row put into the rollup %s is found with its dollars and goes by a rebuild",
  async (_, grain, start) => {
    await write(CALLS);
    await count(CALLS);
    await rebuild();
    await look();
    await clickhouse.command(
      `INSERT INTO calls_rollup (project_id, cube, grain, bucket, generation, feature, status, cost_usd, calls)
     SELECT project_id, 'feature', grain, bucket, max(flip).2, 'search', 'ok', toDecimal128('0.420000000000007', 15), 0
     FROM bucket_generations
     WHERE project_id = {projectId:String} AND grain = {grain:UInt32} AND bucket = toDateTime({start:UInt32}, 'UTC')
     GROUP BY project_id, grain, bucket`,
      { projectId, grain, start },
    );
    await look();
    // Once could be events on their way.
    expect(await stateOf()).toMatchObject({ state: "moving", differenceUsd: null });
    await look();
    expect(await stateOf()).toMatchObject({
      state: "different",
      differenceUsd: "0.420000000000007",
      repair: expect.stringContaining("$0.420000000000007"),
    });
    // Its bucket is dirty now, so nothing is left to differ; repaired it is when it was rebuilt.
    await look();
    expect(await stateOf()).toMatchObject({ state: "different" });
    await rebuild();
    await look();
    expect(await stateOf()).toMatchObject({
      state: "repaired",
      callsUsd: "1.500000000000001",
      rollupUsd: "1.500000000000001",
      differenceUsd: "0.420000000000007",
    });
  },
);

test.each(["user_days", "feature_model_days", "session_days"])(
  "an hour of %s that differs is found, and left out until it is rebuilt",
  async (table) => {
    await write(CALLS);
    await count(CALLS);
    expect(await rebuild(DAY + 6 * HOUR)).toMatchObject({ hours: 2, days: 0 });
    await look();
    expect(await stateOf()).toMatchObject({ state: "equal" });
    await clickhouse.command(
      `INSERT INTO ${table} (project_id, bucket, generation, cost_usd, calls)
     SELECT project_id, bucket, max(flip).2, toDecimal128('0.25', 15), 1 FROM bucket_generations
     WHERE project_id = {projectId:String} AND grain = 3600 AND bucket = toDateTime({start:UInt32}, 'UTC')
     GROUP BY project_id, bucket`,
      { projectId, start: DAY_SECONDS + 5 * 3600 },
    );
    await look();
    await look();
    expect(await stateOf()).toMatchObject({
      state: "different",
      differenceUsd: "0.250000000000000",
      note: "The rollups of 1 hour differ from the calls.",
    });
    expect(await rebuild(DAY + 6 * HOUR)).toMatchObject({ hours: 1, days: 0 });
    await look();
    expect(await stateOf()).toMatchObject({ state: "repaired" });
  },
);

test.each(["calls_rollup", "user_days"])(
  "a block of days whose %s differ from its days is found, and rebuilt with them",
  async (table) => {
    const first = Math.floor(DAY_SECONDS / 1_382_400) * 1_382_400;
    const day = first + 2 * 86_400;
    const far = { id: "far", atMs: day * 1000, cost_usd: "2" };
    await write([...CALLS, far]);
    await count([...CALLS, far]);
    expect((await rebuild(DAY + 40 * 24 * HOUR)).blocks).toBeGreaterThanOrEqual(3);
    await look([day]);
    expect(await stateOf(day)).toMatchObject({ state: "equal" });
    const columns = table === "calls_rollup" ? "grain, cube, " : "";
    const values = table === "calls_rollup" ? "1382400, 'agent', " : "";
    await clickhouse.command(
      `INSERT INTO ${table} (project_id, ${columns}bucket, generation, cost_usd, calls)
     SELECT project_id, ${values}bucket, max(flip).2, toDecimal128('0.25', 15), 1 FROM bucket_generations
     WHERE project_id = {projectId:String} AND grain = 1382400 GROUP BY project_id, bucket`,
      { projectId },
    );
    await look([day]);
    await look([day]);
    expect(await stateOf(day)).toMatchObject({
      state: "different",
      differenceUsd: "0.250000000000000",
      note: "The rollups of 1 block of days differ from the calls.",
    });
    expect((await rebuild(DAY + 40 * 24 * HOUR)).blocks).toBeGreaterThanOrEqual(2);
    await look([day]);
    expect(await stateOf(day)).toMatchObject({ state: "repaired" });
    await look([day]);
    expect(await stateOf(day)).toMatchObject({ state: "repaired" });
  },
);

test("sums by user that do not add up to the day's calls are found, and rebuilt with the day", async () => {
  await write(CALLS);
  await count(CALLS);
  await rebuild();
  await clickhouse.command(
    "DELETE FROM user_days WHERE project_id = {projectId:String} AND user = ''",
    { projectId },
  );
  await look();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "different",
    differenceUsd: "1.500000000000001",
  });
  await rebuild();
  await look();
  expect(await stateOf()).toMatchObject({ state: "repaired", rollupUsd: "1.500000000000001" });
});

test("sums by session that do not add up to the calls with one are found with their dollars, and rebuilt", async () => {
  const calls: Call[] = [
    ...CALLS,
    { id: "s1", atMs: DAY + HOUR, cost_usd: "0.25", session: "one", attempt: 2 },
    { id: "s2", atMs: DAY + 2 * HOUR, cost_usd: "0.000000000000003", trace_id: "t", type: "tool" },
    { id: "s3", atMs: DAY + 2 * HOUR, cost_usd: null, session: "one", status: "error" },
  ];
  await write(calls);
  await count(calls);
  await rebuild();
  await look();
  expect(await stateOf()).toMatchObject({ state: "equal", rollupUsd: "1.750000000000004" });
  await clickhouse.command(
    "DELETE FROM session_days WHERE project_id = {projectId:String} AND session = 'one'",
    { projectId },
  );
  await look();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "different",
    differenceUsd: "0.250000000000000",
    rollupUsd: "1.750000000000004",
  });
  await rebuild();
  await look();
  expect(await stateOf()).toMatchObject({ state: "repaired", differenceUsd: "0.250000000000000" });
});

test("a counter that was changed by hand is found with its dollars and set to the calls' sum", async () => {
  await write(CALLS);
  await count(CALLS);
  await rebuild();
  await look();
  await postgres.db
    .update(spendCounters)
    .set({ costUsd: "99.25", changedAt: new Date(nowMs - HOUR) })
    .where(eq(spendCounters.bucket, DAY_SECONDS + 3600));
  await look();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "different",
    counterUsd: "99.250000000000001",
    differenceUsd: "97.750000000000000",
  });
  await look();
  expect(await stateOf()).toMatchObject({
    state: "repaired",
    counterUsd: "1.500000000000001",
    differenceUsd: "97.750000000000000",
    repair: expect.stringContaining("$97.75"),
  });
});

test("errors of two buckets that cancel each other are a difference all the same", async () => {
  await write(CALLS);
  await count(CALLS);
  const move = (start: number, by: string) =>
    postgres.db
      .update(spendCounters)
      .set({ costUsd: sql`${spendCounters.costUsd} + ${by}::numeric` })
      .where(eq(spendCounters.bucket, start));
  await move(DAY_SECONDS + 3600, "0.5");
  await move(DAY_SECONDS + 5 * 3600, "-0.5");
  await look();
  await look();
  expect(await stateOf()).toMatchObject({ state: "different", differenceUsd: "1.000000000000000" });
});

test("calls from before there were counters get counters, once, and no difference is told", async () => {
  await write(CALLS);
  await look();
  expect(await stateOf()).toMatchObject({ state: "moving", counterEvents: null, counterUsd: null });
  await look();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "equal",
    counterUsd: "1.500000000000001",
    repair: expect.stringContaining("Counters built from 3 calls"),
  });
});

async function putSpool(given: { freshToMs: number; seenMs?: number; backlogEvents?: number }) {
  const row = {
    id: "process-1",
    freshTo: new Date(given.freshToMs),
    seenAt: new Date(given.seenMs ?? nowMs + 20_000),
    backlogEvents: given.backlogEvents ?? 0,
  };
  await postgres.db.insert(spools).values(row).onConflictDoUpdate({ target: spools.id, set: row });
}

test("events that one store has and the other not yet are on their way, as long as a process is behind", async () => {
  await write(CALLS);
  await count(CALLS.slice(0, 2));
  const acceptedMs = nowMs;
  for (let i = 0; i < 4; i++) {
    await putSpool({ freshToMs: acceptedMs, backlogEvents: 1 });
    await look();
    expect(await stateOf()).toMatchObject({ state: "moving", differenceUsd: null });
  }
  await count(CALLS.slice(2));
  await putSpool({ freshToMs: nowMs + 20_000 });
  await look();
  expect(await stateOf()).toMatchObject({ state: "equal", repair: null });
});

test("a process that is gone with events is told as such, not as a difference in dollars", async () => {
  await write(CALLS);
  await count(CALLS.slice(1));
  // Its last change of the calls lies after what it had counted for certain.
  const realMs = Date.now();
  nowMs = realMs + HOUR;
  await putSpool({ freshToMs: realMs - HOUR, seenMs: realMs, backlogEvents: 1 });
  await look();
  await look();
  await look();
  expect(await stateOf()).toMatchObject({
    state: "moving",
    differenceUsd: null,
    note: expect.stringContaining("process-1"),
  });
  // A day that it cannot have touched since is compared.
  await putSpool({ freshToMs: realMs - 3 * HOUR, seenMs: realMs - 2 * HOUR });
  await look();
  expect(await stateOf()).toMatchObject({ state: "different" });
});

test("while a correction runs nothing is called a difference", async () => {
  await write(CALLS);
  await count(CALLS.slice(1));
  await postgres.db.insert(corrections).values({
    kind: "void",
    projectIds: [projectId],
    fromUs: DAY * 1000,
    toUs: (DAY + HOUR * 2) * 1000,
    reason: "a test",
    authorType: "system",
    authorId: "test",
    authorName: "test",
    // One that was cancelled still settles its last batch.
    state: "cancelled",
    startedAt: new Date(),
  });
  await look();
  await look();
  await look();
  expect(await stateOf()).toMatchObject({ state: "moving", differenceUsd: null });
});

test("voided calls add up to nothing, in every source", async () => {
  await write(CALLS);
  const [first] = CALLS;
  const row = makeCallRow({ ...first, atMs: DAY + HOUR, project_id: projectId, revision: 1 });
  const voided = `${JSON.stringify({ ...row, counted: false })}\n`;
  await clickhouse.insertLines("llm_calls", voided);
  await record(CALLS);
  await count(CALLS.slice(1));
  await look();
  expect(await stateOf()).toMatchObject({ state: "equal", callsEvents: 2 });
});

test("a sealed day is told as sealed, and its sums are held against nothing", async () => {
  await write(CALLS);
  await count(CALLS);
  await rebuild();
  const sealing = { clickhouse, numbers, now: Date.now };
  await sealDay(sealing, { projectId, dayStart: DAY_SECONDS }, async () => undefined);
  await deleteSealedCalls(clickhouse, { projectId, dayStart: DAY_SECONDS });
  await look();
  await look();
  expect(await stateOf()).toMatchObject({ state: "sealed", callsUsd: null, differenceUsd: null });
});

const runContext = (engine?: ClickHouse) => ({
  ...context(engine),
  watch: new DayWatch(),
  mustStop: () => false,
});

test("a store that fails is a failed run with its reason, and no day becomes equal", async () => {
  await write(CALLS);
  await count(CALLS);
  const failing: ClickHouse = {
    ...clickhouse,
    query: (text, ...rest) =>
      text.includes("FROM calls_rollup")
        ? Promise.reject(new OutlayError("unavailable", "The store is on fire."))
        : clickhouse.query(text, ...rest),
  };
  await expect(runIntegrity(runContext(failing))).rejects.toThrow("on fire");
  expect(await listRuns(postgres.db, 5)).toMatchObject([
    { isFull: true, error: "The store is on fire.", days: 0 },
  ]);
  expect(await stateOf()).toBeNull();
});

test("everything is compared once a day, and when somebody asks; else only what changed and rests", async () => {
  await write(CALLS);
  await count(CALLS);
  const run = runContext();
  await runIntegrity(run);
  expect(await stateOf()).toMatchObject({ state: "equal" });
  expect(await listRuns(postgres.db, 5)).toMatchObject([{ isFull: true, error: null }]);
  nowMs += 60_000;
  expect(await runIntegrity(run)).toBe(0);
  await write([{ id: "late", atMs: DAY + HOUR, cost_usd: "2" }]);
  await count([{ id: "late", atMs: DAY + HOUR, cost_usd: "2" }]);
  expect(await runIntegrity(run)).toBe(0);
  nowMs += 121_000;
  expect(await runIntegrity(run)).toBe(1);
  expect(await stateOf()).toMatchObject({ state: "equal", callsUsd: "3.500000000000001" });
  expect(await listRuns(postgres.db, 5)).toMatchObject([{ isFull: false, days: 1 }, {}]);
  await insertRun(postgres.db, { startedAt: new Date(nowMs + 1), isFull: true });
  nowMs += 10;
  expect(await runIntegrity(run)).toBeGreaterThan(0);
  nowMs += 86_400_000;
  expect(await runIntegrity(run)).toBeGreaterThan(0);
});

const event = fc.record({
  id: fc.constantFrom(..."abcdefgh"),
  // Two days, so that late events meet rollups; the identity's bucket goes with the id.
  hour: fc.constantFrom(1, 2, 23, 25, 47),
  cost: fc.constantFrom(null, "0", "0.000000000000001", "12.5"),
});
const step = fc.constantFrom(
  "accept",
  "accept",
  "calls",
  "calls-cut",
  "count",
  "rebuild",
  "look",
  "look",
  "look",
);

test("whatever order calls, counters, rollups and looks come in, no day is ever different, and at the end all are equal", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.array(event, { minLength: 1, maxLength: 6 })), {
        minLength: 8,
        maxLength: 24,
      }),
      async (steps) => {
        await startOver();
        const days = [DAY_SECONDS, DAY_SECONDS + 86_400];
        const queue: { call: Call; atMs: number; isNew: boolean }[] = [];
        const known = new Set<string>();
        const done = { calls: 0, counted: 0 };
        const beat = async () => {
          const oldest = queue[Math.min(done.calls, done.counted)];
          const backlogEvents = queue.length - Math.min(done.calls, done.counted);
          await putSpool({
            freshToMs: oldest ? oldest.atMs - 1 : nowMs,
            seenMs: nowMs,
            backlogEvents,
          });
        };
        const check = async () => {
          nowMs += 20_000;
          await beat();
          await checkDays(context(), projectId, days);
          for (const day of days) {
            expect((await stateOf(day))?.state ?? "none").toMatch(/^(none|equal|moving)$/);
          }
        };
        const drain = async (isCut: boolean) => {
          const calls = queue.slice(done.calls).map(({ call }) => call);
          if (calls.length === 0) return;
          const rows = calls.map((call) => makeCallRow({ ...call, project_id: projectId }));
          await clickhouse.insertLines("llm_calls", toLines(rows));
          if (isCut) return;
          await record(calls);
          done.calls = queue.length;
        };
        const countAll = async () => {
          await count(
            queue
              .slice(done.counted)
              .filter((one) => one.isNew)
              .map(({ call }) => call),
          );
          done.counted = queue.length;
        };
        for (const [kind, events] of steps) {
          nowMs += 1000;
          if (kind === "accept") {
            for (const { id, hour, cost } of events) {
              const key = `${id} ${hour}`;
              const call = { id, atMs: DAY + hour * HOUR, cost_usd: cost };
              // A conflict: the first content stays, and neither store gets the second.
              const first = queue.find((one) => one.call.id === id && one.call.atMs === call.atMs);
              queue.push({ call: first?.call ?? call, atMs: nowMs, isNew: !known.has(key) });
              known.add(key);
            }
          }
          if (kind === "calls" || kind === "calls-cut") await drain(kind === "calls-cut");
          if (kind === "count") await countAll();
          if (kind === "rebuild") await rebuild();
          if (kind === "look") await check();
        }
        await drain(false);
        await countAll();
        await rebuild();
        nowMs += 10_000;
        await check();
        const total = [
          ...new Map(queue.map(({ call }) => [`${call.id} ${call.atMs}`, call])).values(),
        ]
          .map(({ cost_usd }) => parseUsd(cost_usd ?? "0") ?? 0n)
          .reduce((sum, cost) => sum + cost, 0n);
        const rows = (await Promise.all(days.map(stateOf))).filter((row) => row !== null);
        for (const row of rows) expect(row).toMatchObject({ state: "equal", repair: null });
        for (const name of ["callsUsd", "rollupUsd", "counterUsd"] as const) {
          const sum = rows.reduce((all, row) => all + (parseUsd(row[name] ?? "") ?? 0n), 0n);
          expect(formatUsd(sum)).toBe(formatUsd(total));
        }
      },
    ),
    { numRuns: propertyRuns(5) },
  );
});
