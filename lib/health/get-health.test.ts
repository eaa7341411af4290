import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/health/route";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { putIntegrityDay } from "@/db/queries/integrity";
import { rejectionCounts } from "@/db/schema/rejections";
import { describeFaults } from "@/lib/health/describe-faults";
import { getHealth } from "@/lib/health/get-health";
import { healthSchema } from "@/lib/health/health-schemas";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeKey, makeProject, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestStores();
});
afterAll(() => runtime.close());

const NOW = Date.parse("2026-11-20T10:30:30Z");
const MINUTE = 60_000;
const ask = async (ids: string[], changes: Partial<TestRuntime> = {}) =>
  healthSchema.parse(
    await getHealth({
      runtime: { ...runtime, ...changes },
      requestId: "r-1",
      projects: ids.map((id) => ({ id })),
      nowMs: NOW,
    }),
  );

test("events are counted by the minute they came in, once each, in the asked projects, in full minutes", async () => {
  const received = (fromNowMs: number, given = {}) =>
    makeCallRow({
      atMs: NOW - 5 * MINUTE,
      ingestedAtUs: (NOW + fromNowMs) * 1000,
      project_id: "p",
      ...given,
    });
  const twice = received(-2 * MINUTE, { id: "twice" });
  const rows = [
    received(-3 * MINUTE),
    twice,
    { ...twice, revision: 1, version: (BigInt(twice.version) + (1n << 62n)).toString() },
    received(-2 * MINUTE, { id: "b" }),
    received(-59 * MINUTE),
    received(-61 * MINUTE),
    received(0),
    received(-MINUTE, { project_id: "other" }),
    received(-MINUTE, { atMs: NOW - 3 * 86_400_000 }),
  ];
  await runtime.clickhouse.insertLines("llm_calls", toLines(rows.slice(0, 2)));
  await runtime.clickhouse.insertLines("llm_calls", toLines(rows.slice(2)));
  const { received: part } = await ask(["p"]);
  expect(part).toMatchObject({
    known: true,
    from: "2026-11-20T09:30:00.000Z",
    to: "2026-11-20T10:30:00.000Z",
    events: 4,
  });
  const minutes = part.known ? part.minutes : [];
  expect(minutes).toHaveLength(60);
  expect(minutes.slice(-4)).toEqual([0, 1, 2, 0]);
  expect(minutes[1]).toBe(1);
});

test("what did not count today, and what was compared, are those of the asked projects", async () => {
  const { db } = runtime.postgres;
  const [own, foreign] = [await makeProject(db), await makeProject(db)];
  const count = { kind: "rejected" as const, fingerprint: "f", message: "m", lastAt: new Date() };
  await db.insert(rejectionCounts).values([
    { ...count, projectId: own.id, day: "2026-11-20", events: 3 },
    { ...count, projectId: own.id, day: "2026-11-19", events: 5 },
    { ...count, projectId: foreign.id, day: "2026-11-20", events: 7 },
  ]);
  const day = { projectId: own.id, checkedAt: new Date("2026-11-20T09:00:00Z") };
  await putIntegrityDay(db, { ...day, day: "2026-11-19", state: "equal" });
  await putIntegrityDay(db, { ...day, day: "2026-11-18", state: "different" });
  const { rejected, integrity } = await ask([own.id]);
  expect(rejected).toEqual({
    known: true,
    since: "2026-11-20T00:00:00.000Z",
    rejected: 3,
    conflict: 0,
    poisoned: 0,
  });
  expect(integrity).toMatchObject({
    known: true,
    checked_at: "2026-11-20T09:00:00.000Z",
    days: 2,
    different: 1,
  });
});

test("rollups are behind where a closed quarter of an hour was not summed anew", async () => {
  const bucketOf = (at: string) => Date.parse(at) / 1000;
  const buckets = [bucketOf("2026-11-20T08:00:00Z"), bucketOf("2026-11-20T10:30:00Z")];
  await insertBucketChanges(
    runtime.clickhouse,
    buckets.map((bucket) => ({ projectId: "rolled", bucket })),
    { writer: "1", number: 1 },
  );
  const { rollups } = await ask([]);
  expect(rollups).toEqual({ known: true, behind: 1, oldest: "2026-11-20T08:00:00.000Z" });
});

test("a process without a spool tells what the others told last, and no bytes that it cannot know", async () => {
  const nobody = await ask([]);
  expect(nobody.backlog).toMatchObject({ known: false });
  const freshness = () => Promise.resolve({ events: 7, freshToMs: NOW - 9_000 });
  expect((await ask([], { freshness })).backlog).toEqual({
    known: true,
    events: 7,
    bytes: null,
    oldest_seconds: null,
    fresh_to: new Date(NOW - 9_000).toISOString(),
  });
  const own = { events: 2, bytes: 900, oldestSeconds: 1.5, freshToMs: NOW - 1_500 };
  expect((await ask([], { freshness, backlog: () => own })).backlog).toMatchObject({
    events: 7,
    bytes: 900,
    oldest_seconds: 1.5,
  });
});

test("a part that fails says so and names no store's words; the others are known", async () => {
  const query = () => Promise.reject(new Error("SELECT secret FROM llm_calls"));
  const health = await ask([], { clickhouse: { ...runtime.clickhouse, query } });
  for (const part of [health.received, health.rollups, health.versions.clickhouse]) {
    expect(part).toMatchObject({ known: false, reason: expect.stringContaining("r-1") });
  }
  expect(JSON.stringify(health)).not.toContain("SELECT");
  expect(health.disk).toMatchObject({ known: true });
  expect(health.versions.postgres).toMatchObject({ known: true, kind: runtime.postgres.kind });
});

test("a part that does not answer in time is told as unknown, and nobody waits for it", async () => {
  const readiness = () => new Promise<never>(() => undefined);
  const health = await getHealth({
    runtime: { ...runtime, readiness },
    requestId: null,
    projects: [],
    nowMs: NOW,
    partMs: 20,
  });
  expect(health.readiness).toEqual({ known: false, reason: "No answer within 0.02 seconds." });
});

test("what is degraded is said in words, a failing reader too", () => {
  const well = {
    isReady: true,
    reason: null,
    clickhouse: true,
    postgres: true,
    isDegraded: false,
  };
  expect(describeFaults(well)).toEqual([]);
  expect(describeFaults({ ...well, isDegraded: true })).toHaveLength(1);
  expect(describeFaults({ ...well, isDegraded: true, postgres: false })[0]).toContain("PostgreSQL");
  const full = { ...well, isReady: false, isDegraded: true, reason: "The spool is full." };
  expect(describeFaults(full)).toEqual(["The spool is full."]);
});

test("the endpoint answers who may read settings, and refuses a key that may not", async () => {
  const get = async (scopes: ("read" | "ingest")[]) => {
    const { key } = await makeKey(runtime.postgres.db, { scopes });
    const headers = { authorization: `Bearer ${key}` };
    return GET(new Request("http://x/api/health", { headers }), { params: Promise.resolve({}) });
  };
  const answer = await get(["read"]);
  expect(answer.status).toBe(200);
  expect(healthSchema.parse(await answer.json()).versions.clickhouse).toMatchObject({
    known: true,
    kind: runtime.clickhouse.kind,
  });
  expect((await get(["ingest"])).status).toBe(403);
});
