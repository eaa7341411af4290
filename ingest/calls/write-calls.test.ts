import { afterEach, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { rejections } from "@/db/schema/rejections";
import { classifyInsertFault } from "@/ingest/calls/insert-fault";
import { readCounters } from "@/ingest/testing/counted-events";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { retryRejection } from "@/lib/rejections/retry-rejection";

let opened: TestIngest | null = null;
let ingest: TestIngest;
afterEach(async () => {
  await opened?.close();
  opened = null;
});
async function start(options?: Parameters<typeof openTestIngest>[0]): Promise<void> {
  ingest = await openTestIngest(options);
  opened = ingest;
}

const EVENT = {
  provider: "anthropic",
  model: "claude-sonnet-4-5-20250929",
  timestamp: "2025-11-03T09:15:00Z",
  usage: { input_tokens: 1200, output_tokens: 350 },
};
const make = (id: string, more: object = {}) => ({ ...EVENT, id, ...more });
const makeMany = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => make(`${prefix}-${i}`));

/** What ClickHouse's client throws, as the store passes it on. */
function engineError(code: string, message = "refused"): Error {
  return Object.assign(new Error(message), { engineCode: code });
}

/** What was set aside, wherever it has come to: the spool's own list is moved to PostgreSQL all the time. */
async function listSetAside() {
  await ingest.rejections.moved();
  return ingest.postgres.db.select().from(rejections).orderBy(rejections.spoolKey);
}

/** A store whose network can be cut. */
function cuttable() {
  const state = { error: null as Error | null, inserts: 0 };
  const wrap = (clickhouse: ClickHouse): Pick<ClickHouse, "insertLines"> => ({
    async insertLines(table, lines) {
      state.inserts++;
      if (state.error) throw state.error;
      await clickhouse.insertLines(table, lines);
    },
  });
  return { state, wrap };
}

const readyz = () => ingest.post(null, { path: "/readyz", method: "GET", key: null });

test.each(["ECONNREFUSED", "241", "252", "243", "60"])(
  "while the store is away (%s) events are taken, readyz says degraded, and none is lost or doubled",
  async (code) => {
    const { state, wrap } = cuttable();
    await start({ wrap });
    state.error = engineError(code);
    expect((await ingest.post(makeMany("a", 50))).body.accepted).toBe(50);
    expect((await ingest.post(makeMany("b", 50))).body.accepted).toBe(50);
    await expect.poll(() => state.inserts).toBeGreaterThan(1);
    const ready = await readyz();
    expect(ready).toMatchObject({ status: 200, body: { spool: { events: 100 }, degraded: true } });
    expect((await ingest.post(makeMany("a", 50))).body.accepted).toBe(50);
    state.error = null;
    expect(await ingest.rows()).toHaveLength(100);
    expect(await listSetAside()).toEqual([]);
    expect((await readyz()).body).toMatchObject({ spool: { events: 0 }, degraded: false });
  },
);

test("an event that the store refuses by its content is set aside with the reason and stops nothing behind it", async () => {
  const wrap = (clickhouse: ClickHouse): Pick<ClickHouse, "insertLines"> => ({
    insertLines: async (table, lines) => {
      if (lines.includes('"id":"poison')) throw engineError("27", "Cannot parse input");
      await clickhouse.insertLines(table, lines);
    },
  });
  await start({ wrap });
  const events = [...makeMany("a", 300), make("poison-1"), ...makeMany("b", 300), make("poison-2")];
  expect((await ingest.post(events)).body.accepted).toBe(602);
  expect((await ingest.post(makeMany("c", 10))).body.accepted).toBe(10);
  expect(await ingest.rows()).toHaveLength(610);
  const aside = await listSetAside();
  const errors = [{ message: expect.stringContaining("Cannot parse input") }];
  expect(aside).toMatchObject([
    { kind: "poisoned", eventId: "poison-1", errors },
    { kind: "poisoned", eventId: "poison-2", errors },
  ]);
  expect(aside[0]?.body).toContain('"id":"poison-1"');
  expect(ingest.calls.backlog().events).toBe(0);
});

test("the real engine's words for a full disk or a missing table are an outage, for a bad value a content fault", () => {
  const said = (text: string) =>
    Object.assign(new Error("hidden", { cause: new Error(text) }), { engineCode: "CHDB_INSERT" });
  expect(classifyInsertFault(said("Code: 243. DB::Exception: Cannot reserve"))).toBe("outage");
  expect(classifyInsertFault(said("Code: 60. DB::Exception: Unknown table"))).toBe("outage");
  expect(classifyInsertFault(said("Code: 72. DB::Exception: Unsigned type"))).toBe("content");
  expect(classifyInsertFault(said("Code: 49. DB::Exception: Logical error"))).toBe("unknown");
  expect(classifyInsertFault(new Error("socket hang up"))).toBe("outage");
});

test("a row the real engine cannot read is set aside alone", async () => {
  await start();
  const identity = null;
  const projectId = ingest.projectIds.default;
  const row = Buffer.from(
    `,"project_id":"${projectId}","bucket":900,"ts":"not a time","id":"broken"}\n`,
  );
  await ingest.spool.append([{ row, identity }]);
  expect((await ingest.post(makeMany("a", 20))).body.accepted).toBe(20);
  expect(await ingest.rows()).toHaveLength(20);
  expect(await listSetAside()).toMatchObject([{ kind: "poisoned", eventId: "broken" }]);
});

test("a poisoned event is shown, and once the store takes it a retry puts it into the calls and the counters, once", async () => {
  const state = { isMended: false };
  const wrap = (clickhouse: ClickHouse): Pick<ClickHouse, "insertLines"> => ({
    insertLines: async (table, lines) => {
      if (!state.isMended && lines.includes('"id":"poison'))
        throw engineError("27", "Cannot parse");
      await clickhouse.insertLines(table, lines);
    },
  });
  await start({ wrap });
  const { db } = ingest.postgres;
  await ingest.post([...makeMany("a", 3), make("poison")]);
  await ingest.calls.drained();
  await ingest.rejections.moved();
  const [row] = await db.select().from(rejections);
  expect(row).toMatchObject({ kind: "poisoned", eventId: "poison", state: "open" });
  await ingest.counters.counted();
  const counted = () => readCounters(db, ingest.projectIds.default);
  expect(await counted()).toMatchObject([{ events: 3 }]);
  state.isMended = true;
  const actor = { type: "system" as const, id: "test", name: "test" };
  const context = { actor, db, requestId: null, wakeRetries: ingest.wakeRetries };
  await retryRejection(context, row?.id ?? "");
  const stateOf = async () => (await db.select().from(rejections))[0]?.state;
  await expect.poll(stateOf, { timeout: 30_000 }).toBe("accepted");
  expect((await ingest.rows()).map(({ id }) => id)).toEqual(["a-0", "a-1", "a-2", "poison"]);
  await ingest.counters.counted();
  expect(await counted()).toMatchObject([{ events: 4 }]);
});

test("tags that are called like columns stop nothing", async () => {
  await start();
  const metadata = { a: "1", bucket: "900", cost_usd: "7", project_id: "q" };
  expect((await ingest.post(make("a", { metadata }))).body.accepted).toBe(1);
  expect(await ingest.rows()).toMatchObject([{ id: "a", metadata }]);
});

test("a table that refuses every row is an outage, not a thousand bad events", async () => {
  const { state, wrap } = cuttable();
  await start({ wrap });
  state.error = engineError("117", "Unknown field");
  expect((await ingest.post(makeMany("a", 200))).body.accepted).toBe(200);
  await expect.poll(() => ingest.calls.isHealthy()).toBe(false);
  expect(await listSetAside()).toEqual([]);
  state.error = null;
  expect(await ingest.rows()).toHaveLength(200);
});

test("a store that takes a block and loses its answer counts it once", async () => {
  let isFirst = true;
  const wrap = (clickhouse: ClickHouse): Pick<ClickHouse, "insertLines"> => ({
    insertLines: async (table, lines) => {
      await clickhouse.insertLines(table, lines);
      if (!isFirst) return;
      isFirst = false;
      throw engineError("ECONNRESET");
    },
  });
  await start({ wrap });
  await ingest.post(makeMany("a", 100));
  const rows = await ingest.rows();
  expect(rows).toHaveLength(100);
});

test("closing drains what it can and leaves the rest in the spool", async () => {
  const { state, wrap } = cuttable();
  await start({ wrap });
  state.error = engineError("ECONNREFUSED");
  await ingest.post(makeMany("a", 5));
  await ingest.calls.close(50);
  expect(ingest.calls.backlog().events).toBe(5);
});

test("what a stop could not drain is in the calls and counted after the next start, once", async () => {
  const { state, wrap } = cuttable();
  await start({ wrap, drainMs: 50 });
  const first = ingest;
  await ingest.post(makeMany("a", 20));
  await ingest.calls.drained();
  state.error = engineError("ECONNREFUSED");
  await ingest.post(makeMany("b", 30));
  await first.stop();
  opened = null;
  await start({ dir: first.dir, postgres: first.postgres });
  expect(await ingest.rows()).toHaveLength(50);
  await ingest.counters.counted();
  const counted = await readCounters(ingest.postgres.db, ingest.projectIds.default);
  expect(counted).toMatchObject([{ events: 50 }]);
});

/** A request of OTLP, each span of it a call. */
function makeManySpans(count: number): object {
  const attributes = [{ key: "gen_ai.usage.input_tokens", value: { intValue: 5 } }];
  const spans = Array.from({ length: count }, (_, i) => ({
    traceId: String(i + 1).padStart(32, "0"),
    spanId: "eee19b7ec3c1b174",
    startTimeUnixNano: `${Date.now()}000000`,
    attributes,
  }));
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

test("a full spool answers 503 with Retry-After, keeps what was accepted, and takes more when the store is back", async () => {
  const { state, wrap } = cuttable();
  await start({ wrap, maxBytes: 3 * 1024 * 1024 });
  state.error = engineError("ECONNREFUSED");
  let accepted = 0;
  let answer = await ingest.post(makeMany("0", 500));
  while (answer.status === 202) {
    accepted += answer.body.accepted;
    answer = await ingest.post(makeMany(`${accepted}`, 500));
  }
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(answer.body.detail).toContain("full");
  expect(accepted).toBeGreaterThan(0);
  const spans = await ingest.post(makeManySpans(2_000), { path: "/v1/traces" });
  expect(spans).toMatchObject({ status: 503, body: { code: 14, message: expect.any(String) } });
  expect(Number(spans.headers.get("retry-after"))).toBeGreaterThan(0);
  state.error = null;
  expect(await ingest.rows()).toHaveLength(accepted);
  expect((await ingest.post(makeMany("after", 10))).body.accepted).toBe(10);
  expect(await ingest.rows()).toHaveLength(accepted + 10);
});
