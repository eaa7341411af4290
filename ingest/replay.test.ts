import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import { serveClickHouseHttp } from "@/db/clickhouse/testing/serve-clickhouse-http";
import { anyDelivery, anyStream, type StreamRequest } from "@/ingest/testing/event-stream";
import { makeTestProject, sendRequests } from "@/ingest/testing/make-test-project";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { readViews } from "@/ingest/testing/read-views";
import { rebuildAllRollups } from "@/ingest/testing/rebuild-all-rollups";
import { propertyRuns } from "@/lib/testing/property-runs";
import { isOnServers } from "@/lib/testing/test-stores";

let ingest: TestIngest | null = null;
afterEach(async () => {
  await ingest?.close();
  ingest = null;
});

const START_MS = Date.UTC(2026, 0, 1);
const MODELS = ["gpt-5", "gpt-4o-mini", "no-such-model"];

/** A stream over several buckets, with unpriced and failed calls in it. */
const STREAM = Array.from({ length: 400 }, (_, i) => ({
  id: `e-${i}`,
  timestamp: new Date(START_MS + i * 17_000).toISOString(),
  provider: "openai",
  model: MODELS[i % 3],
  feature: `f-${i % 5}`,
  metadata: { a: "1", b: String(i) },
  usage: { input_tokens: 1000 + i, cache_read_tokens: i, output_tokens: 10 * i },
  ...(i % 50 === 0 ? { status: "error", error_type: "rate_limit", usage: null } : {}),
}));

interface Totals {
  calls: string;
  cost: string;
  tokens: string;
  unpriced: string;
}

async function totalsOf(it: TestIngest): Promise<Totals> {
  await it.calls.drained();
  const [totals] = await it.clickhouse.query(
    `SELECT count() AS calls, toString(sum(cost_usd)) AS cost, sum(input_tokens + output_tokens) AS tokens,
       countIf(cost_usd IS NULL) AS unpriced FROM llm_calls FINAL`,
  );
  return totals as Totals;
}

/** The same events in another order (a fixed one, so that a failure can be repeated). */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const keyed = items.map((item, i) => ({ item, key: ((i + 1) * seed * 7919) % 10_007 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

async function postInBatches(it: TestIngest, events: readonly object[], size: number) {
  const batches: object[][] = [];
  for (let i = 0; i < events.length; i += size) batches.push(events.slice(i, i + size));
  const answers = await Promise.all(batches.map((batch) => it.post({ events: batch })));
  return answers.reduce((sum, { body }) => sum + body.accepted, 0);
}

test("a stream that is replayed, split, shuffled and spelt otherwise changes no total", async () => {
  ingest = await openTestIngest();
  expect(await postInBatches(ingest, STREAM, 400)).toBe(400);
  const totals = await totalsOf(ingest);
  expect(totals.calls).toBe("400");
  for (const [size, seed] of [
    [7, 3],
    [100, 11],
    [400, 23],
  ] as const) {
    expect(await postInBatches(ingest, shuffled(STREAM, seed), size)).toBe(400);
    expect(await totalsOf(ingest)).toEqual(totals);
  }
  const respelt = STREAM.map(({ timestamp, metadata, ...event }) => ({
    metadata: { b: metadata.b, a: metadata.a },
    agent: null,
    type: "llm",
    ...event,
    timestamp: timestamp.replace("Z", "000+00:00"),
  }));
  expect(await postInBatches(ingest, respelt, 50)).toBe(400);
  expect(await totalsOf(ingest)).toEqual(totals);
});

test("a replay that the index has forgotten, after a restart, changes no figure, and the first content stays", async () => {
  const first = await openTestIngest();
  await postInBatches(first, STREAM, 100);
  const totals = await totalsOf(first);
  await first.stop();
  fs.rmSync(path.join(first.dir, "spool"), { recursive: true });
  ingest = await openTestIngest({ dir: first.dir, postgres: first.postgres });
  const changed = STREAM.map((event) => ({ ...event, usage: { input_tokens: 999_999 } }));
  expect(await postInBatches(ingest, shuffled(changed, 5), 50)).toBe(400);
  expect(await totalsOf(ingest)).toEqual(totals);
  await ingest.clickhouse.command("OPTIMIZE TABLE llm_calls FINAL");
  expect(await totalsOf(ingest)).toEqual(totals);
});

test("the same identity with other content is a conflict: in one batch, across batches, after a restart", async () => {
  const [event] = STREAM;
  const other = { ...event, feature: "another" };
  const moved = { ...event, timestamp: new Date(START_MS + 1).toISOString() };
  const first = await openTestIngest();
  const { status, body } = await first.post([event, other, event]);
  expect({ status, accepted: body.accepted }).toEqual({ status: 202, accepted: 2 });
  expect(body.conflicts).toMatchObject([{ index: 1, id: "e-0", errors: [{ path: "id" }] }]);
  expect(await first.post([other, moved])).toMatchObject({
    status: 422,
    body: { accepted: 0, rejected: [], conflicts: [{ index: 0 }, { index: 1 }] },
  });
  await first.stop();
  ingest = await openTestIngest({ dir: first.dir, postgres: first.postgres });
  expect((await ingest.post(other)).status).toBe(422);
  expect((await ingest.post(event)).body.accepted).toBe(1);
  const rows = await ingest.rows();
  expect(rows).toMatchObject([{ id: "e-0", feature: "f-0" }]);
});

test("without an id every event is a new one", async () => {
  ingest = await openTestIngest();
  const { id: _, ...anonymous } = STREAM[1] ?? {};
  await ingest.post([anonymous, anonymous]);
  await ingest.post(anonymous);
  expect(await ingest.rows()).toHaveLength(3);
});

const anyHistory = anyStream({ min: 140, max: 240 }).chain((stream) =>
  fc.record({
    stream: fc.constant(stream),
    delivery: anyDelivery(stream),
    width: fc.integer({ min: 1, max: 6 }),
    // Where in the delivery everything so far is rolled up: the rest comes late.
    rolledUpAfter: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

type History = typeof anyHistory extends fc.Arbitrary<infer Value> ? Value : never;

test("however a stream is split, shuffled, repeated, packed and spelt, and whatever is rolled up, every view is the same to the byte", async () => {
  const server = isOnServers() ? await serveClickHouseHttp() : null;
  onTestFinished(() => server?.close());
  const it = await openTestIngest({ clickhouseUrl: server?.url ?? null });
  ingest = it;
  const settled = () => Promise.all([it.calls.drained(), it.counters.counted()]);
  const viewsOf = async (project: { id: string }) => {
    await settled();
    const views = await readViews(
      { clickhouse: it.clickhouse, db: it.postgres.db },
      project.id,
      Date.now() + 60_000,
    );
    return JSON.stringify(views, null, 1);
  };
  const check = async ({ stream, delivery, width, rolledUpAfter }: History) => {
    const plain = await makeTestProject(it);
    const whole: StreamRequest = { events: stream, format: "object", isPacked: false };
    expect(await sendRequests(it, plain.key, [whole])).toBe(stream.length);
    const expected = await viewsOf(plain);

    const shuffled = await makeTestProject(it);
    const middle = Math.floor(delivery.length * rolledUpAfter);
    const sent = delivery.reduce((sum, { events }) => sum + events.length, 0);
    let accepted = await sendRequests(it, shuffled.key, delivery.slice(0, middle), width);
    await settled();
    await rebuildAllRollups(it);
    accepted += await sendRequests(it, shuffled.key, delivery.slice(middle), width);
    expect(accepted).toBe(sent);
    // Some clean, some dirty again.
    expect(await viewsOf(shuffled)).toBe(expected);
    await rebuildAllRollups(it);
    const clean = await listCleanRollups(it.clickhouse, {
      projectIds: [plain.id, shuffled.id],
      fromUs: 0,
      toUs: Date.now() * 1000,
    });
    const rolledUp = clean.filter(({ grain }) => grain === 900).map(({ starts }) => starts.length);
    const buckets = new Set(stream.map(({ timestamp }) => toBucket(Date.parse(timestamp) * 1000)))
      .size;
    expect(rolledUp).toEqual([buckets, buckets]);
    expect(await viewsOf(shuffled)).toBe(expected);
    expect(await viewsOf(plain)).toBe(expected);
  };
  await fc.assert(fc.asyncProperty(anyHistory, check), {
    numRuns: propertyRuns(2),
    endOnFailure: true,
  });
});
