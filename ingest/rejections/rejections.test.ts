import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { rejectionCounts, rejections } from "@/db/schema/rejections";
import { createSpendCounting } from "@/ingest/counters/count-spend";
import { COUNTERS_READER, startCounting } from "@/ingest/counters/count-spool";
import { acceptEvents } from "@/ingest/events/accept-events";
import { rowPrefixOf } from "@/ingest/events/derive-row";
import type { SentEvent } from "@/ingest/events/read-events";
import { type RejectionMover, startMovingRejections } from "@/ingest/rejections/move-rejections";
import { startRetrying } from "@/ingest/rejections/retry-rejections";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import { readCounters } from "@/ingest/testing/counted-events";
import { listPrices } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";
import { retryRejection } from "@/lib/rejections/retry-rejection";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";
import { makeProject } from "@/lib/testing/test-runtime";

const log = createLog("silent");
const KILLED = new Error("killed");
const SOON = { timeout: 30_000 };
const ALL = { events: 1e9, bytes: 1e9 };
const EVENT = { model: "gpt-5", provider: "openai", usage: { input_tokens: 1, output_tokens: 1 } };
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

type Work = Parameters<Postgres["db"]["transaction"]>[0];

describe.each(ENGINES)("on $engine", ({ engine, open }) => {
  let postgres: Postgres;
  let dir: string;
  let projectId: string;
  let spool: Spool;
  let parts: ReturnType<typeof startParts>;

  beforeAll(async () => {
    postgres = await open();
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-rejections-"));
    projectId = (await makeProject(postgres.db)).id;
    spool = openIn(dir);
    parts = startParts();
  });
  afterEach(async () => {
    await endParts();
    await spool.close();
    fs.rmSync(dir, { recursive: true, force: true });
  });

  function openIn(folder: string): Spool {
    const readers = ["calls", COUNTERS_READER];
    return openSpool({ dir: folder, maxBytes: 256 * 1024 * 1024, readers, log });
  }
  /** What of the process has to do with rejections. */
  function startParts(given: { spool?: Spool; retryDb?: Postgres["db"] } = {}) {
    const used = given.spool ?? spool;
    const countings = [createSpendCounting(log)];
    const callsBacklog = () => used.reader("calls").backlog();
    const counters = startCounting({
      spool: used,
      postgres,
      countings,
      callsBacklog,
      log,
      lingerMs: 1,
    });
    const isRegistered = () => counters.isRegistered();
    const mover = startMovingRejections({ spool: used, postgres, countings, isRegistered, log });
    const prices = listPrices();
    const retries = startRetrying({
      spool: used,
      prices,
      postgres: { db: given.retryDb ?? postgres.db },
      log,
    });
    return { counters, mover, retries };
  }
  async function endParts(): Promise<void> {
    await parts.retries.close();
    await parts.counters.close(0);
    await parts.mover.close();
  }
  async function restart(given: Parameters<typeof startParts>[0] = {}): Promise<void> {
    await endParts();
    await spool.close();
    spool = openIn(dir);
    parts = startParts(given);
  }
  async function post(events: SentEvent[], mover: RejectionMover = parts.mover) {
    const sender = {
      projectId,
      apiKeyId: "key",
      requiredTags: [],
      trustsReportedCost: false,
      keepsContent: false,
      contentRetentionDays: 30,
      redactionPatterns: [],
      tagMapping: [],
    };
    const context = { ...sender, nowMs: Date.now(), rowPrefix: rowPrefixOf(sender) };
    return acceptEvents(events, context, { spool, prices: listPrices(), rejections: mover.log });
  }
  const send = (...events: unknown[]) => post(events.map((value) => ({ value })));
  const rows = () =>
    postgres.db
      .select()
      .from(rejections)
      .where(eq(rejections.projectId, projectId))
      .orderBy(rejections.spoolKey);
  const counts = () =>
    postgres.db.select().from(rejectionCounts).where(eq(rejectionCounts.projectId, projectId));
  const countedEvents = async () => {
    await parts.counters.counted();
    const buckets = await readCounters(postgres.db, projectId);
    return buckets.reduce((sum, bucket) => sum + bucket.events, 0);
  };
  /** What the calls reader does with a row that its store refuses. */
  async function poison(
    reason = "Code: 27. DB::Exception: Cannot parse input: 'x'",
  ): Promise<void> {
    const reader = spool.reader("calls");
    await spool.settle();
    const block = await reader.read(ALL);
    if (!block) throw new Error("nothing to poison");
    const lines = block.lines.match(/[^\n]+\n/g) ?? [];
    const at = { reader: "calls", setAsideAtMs: Date.now(), isCounted: true };
    await reader.advance(
      block.mark,
      lines.map((line) => ({ kind: "poisoned" as const, ...at, reason, line })),
    );
  }
  const retry = (id: string, wakeRetries = () => parts.retries.wake()) =>
    retryRejection(
      {
        actor: { type: "system", id: "test", name: "test" },
        db: postgres.db,
        requestId: null,
        wakeRetries,
      },
      id,
    );
  /** A store whose transactions die after their work, `times` times. */
  function dyingDb(times: number) {
    const state = { died: 0 };
    const db = Object.create(postgres.db, {
      transaction: {
        value: (work: Work) =>
          postgres.db.transaction(async (tx) => {
            const result = await work(tx);
            if (state.died++ < times) throw KILLED;
            return result;
          }),
      },
    }) as Postgres["db"];
    return { state, db };
  }

  test("a rejected event and a conflict are shown with their faults, and what was accepted is not", async () => {
    const timestamp = "2026-01-01T00:00:00Z";
    await send({ ...EVENT, id: "a", timestamp });
    await send(
      { ...EVENT, id: "b", timestamp },
      { ...EVENT, id: "c" },
      { ...EVENT, id: "a", timestamp, agent: "other" },
    );
    await post([{ unreadable: "is not valid JSON: x", text: '{"a": "messages": [' }]);
    await parts.mover.moved();
    expect(await rows()).toMatchObject([
      {
        kind: "rejected",
        eventId: "c",
        errors: [{ path: "timestamp" }],
        apiKeyId: "key",
        state: "open",
      },
      { kind: "conflict", eventId: "a", errors: [{ path: "id" }] },
      { kind: "rejected", eventId: null, body: '{"a": ', isTruncated: true },
    ]);
    expect(JSON.parse((await rows())[1]?.body ?? "")).toMatchObject({ agent: "other" });
    expect((await counts()).map((row) => row.events)).toEqual([1, 1, 1]);
  });

  test("every refused event is counted, twenty of a fault are kept, and values make no new faults", async () => {
    const bad = (i: number) => ({
      ...EVENT,
      metadata: { [`team-${i}`]: i },
      prefix_hashes: [1, i],
    });
    await send(...Array.from({ length: 700 }, (_, i) => bad(i)));
    await send(...Array.from({ length: 300 }, (_, i) => bad(1000 + i)));
    await parts.mover.moved();
    expect(await rows()).toHaveLength(20);
    expect(await counts()).toMatchObject([{ kind: "rejected", events: 1000 }]);
    const fault = (await counts())[0]?.message;
    expect(fault).toContain("metadata.*");
    expect(fault).toContain("prefix_hashes.*");
  });

  test("endless different faults are counted as one from the five hundredth on", async () => {
    await send(...Array.from({ length: 700 }, (_, i) => ({ ...EVENT, [`zz${i}`]: i })));
    await parts.mover.moved();
    const all = await counts();
    expect(all).toHaveLength(501);
    expect(all.reduce((sum, row) => sum + row.events, 0)).toBe(700);
    expect(all.find((row) => row.fingerprint === "other")).toMatchObject({ events: 200 });
  });

  test("prompts and answers are never kept, wherever they were sent", async () => {
    const secret = "the secret prompt";
    const content = { system: secret, messages: [{ role: "user", content: secret }] };
    await send({ ...EVENT, model: "", content }, { ...EVENT, messages: [secret], prompt: secret });
    await post([{ unreadable: "is not valid JSON: x", text: `{"prompt": "${secret}", nonsense` }]);
    await parts.mover.moved();
    const kept = await rows();
    expect(kept).toHaveLength(3);
    expect(kept.every((row) => row.isContentDropped)).toBe(true);
    expect(JSON.stringify([kept, await counts()])).not.toContain(secret);
  });

  test("a body past 64 KiB is kept in part, said to be, and cannot be retried", async () => {
    await send({ ...EVENT, nonsense: "x".repeat(100_000) });
    await parts.mover.moved();
    const [row] = await rows();
    expect(row).toMatchObject({ isTruncated: true });
    expect(row?.body).toHaveLength(64 * 1024);
    await expect(retry(row?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
  });

  test("what PostgreSQL cannot keep as it is stops nothing", async () => {
    await send({ ...EVENT, id: "\0\ud800", "\0\udfff": 1 }, { ...EVENT, id: "fine" });
    await parts.mover.moved();
    expect(await rows()).toMatchObject([{ eventId: "\ufffd\ufffd" }, { eventId: "fine" }]);
  });

  test("killed after PostgreSQL's commit and before the spool forgets, nothing is moved or counted twice", async () => {
    await endParts();
    const dead = Object.create(spool, {
      setAside: {
        value: Object.create(spool.setAside, { remove: { value: () => Promise.reject(KILLED) } }),
      },
    }) as Spool;
    // Methods of a class with private fields keep the real one as `this`.
    for (const name of ["add", "list", "write"] as const) {
      Object.defineProperty(dead.setAside, name, {
        value: spool.setAside[name].bind(spool.setAside),
      });
    }
    Object.defineProperty(dead.setAside, "lastKey", { get: () => spool.setAside.lastKey });
    parts = startParts({ spool: dead });
    await send({ ...EVENT, model: "" });
    await expect.poll(rows, SOON).toHaveLength(1);
    expect(spool.setAside.list(10)).toHaveLength(2);
    await restart();
    await send({ ...EVENT, provider: 1 });
    await parts.mover.moved();
    expect(await rows()).toHaveLength(2);
    expect((await counts()).map((row) => row.events)).toEqual([1, 1]);
    expect(spool.setAside.list(10)).toEqual([]);
  });

  test("what a process ends with is on its disk, and moved by the next one", async () => {
    await parts.counters.close(0);
    await send({ ...EVENT, model: "" });
    await parts.mover.close();
    await restart();
    await parts.mover.moved();
    expect(await rows()).toHaveLength(1);
    expect(await counts()).toMatchObject([{ events: 1 }]);
  });

  test("a poisoned event leaves the counters, is shown, and counts once again when its retry is taken", async () => {
    await send(EVENT, EVENT);
    expect(await countedEvents()).toBe(2);
    await poison();
    await parts.mover.moved();
    const kept = await rows();
    expect(kept).toMatchObject([{ kind: "poisoned", state: "open" }, { kind: "poisoned" }]);
    expect(kept[0]?.eventId).not.toBeNull();
    expect(await counts()).toMatchObject([{ events: 2, message: "27 Cannot parse input" }]);
    expect(await countedEvents()).toBe(0);
    await retry(kept[0]?.id ?? "");
    await expect.poll(rows, SOON).toMatchObject([{ state: "accepted" }, { state: "open" }]);
    expect(await countedEvents()).toBe(1);
    await spool.settle();
    const block = await spool.reader("calls").read(ALL);
    expect(JSON.parse(block?.lines ?? "")).toMatchObject({ id: kept[0]?.eventId, model: "gpt-5" });
    await expect(retry(kept[0]?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
  });

  test("a poisoned event that is refused again is open again, one row and in no counter", async () => {
    await send(EVENT);
    for (const reason of ["first", "second", "third"]) {
      await poison(reason);
      await parts.mover.moved();
      const [row, ...others] = await rows();
      expect(others).toEqual([]);
      expect(row).toMatchObject({ state: "open", errors: [{ message: reason }] });
      expect(await countedEvents()).toBe(0);
      await retry(row?.id ?? "");
      await expect.poll(rows, SOON).toMatchObject([{ state: "accepted" }]);
      expect(await countedEvents()).toBe(1);
    }
  });

  test("killed between a retry's 202 and its new state, it counts once: poisoned, and sent without an id", async () => {
    await send(EVENT);
    await poison();
    // Too far ahead when it came; its time has come since.
    await send({ ...EVENT, timestamp: new Date(Date.now() + 90_000_000).toISOString() });
    await parts.mover.moved();
    const [poisoned, early] = await rows();
    const body = JSON.stringify(EVENT);
    await postgres.db
      .update(rejections)
      .set({ body })
      .where(eq(rejections.id, early?.id ?? ""));
    await parts.retries.close();
    const { state, db } = dyingDb(3);
    await restart({ retryDb: db });
    await retry(poisoned?.id ?? "");
    await retry(early?.id ?? "");
    await expect
      .poll(async () => (await rows()).map((row) => row.state), SOON)
      .toEqual(["accepted", "accepted"]);
    expect(state.died).toBeGreaterThan(3);
    expect(await countedEvents()).toBe(2);
    await spool.settle();
    const block = await spool.reader("calls").read(ALL);
    const lines = block?.lines.trimEnd().split("\n") ?? [];
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([
      poisoned?.eventId,
      `retry:${early?.id}`,
    ]);
  });

  test("a retry of an event that is still wrong is open again with its faults, and is noted once", async () => {
    await send({ ...EVENT, model: "" });
    await parts.mover.moved();
    const [row] = await rows();
    const asked = await retry(row?.id ?? "");
    expect(asked.state).toBe("retrying");
    await expect.poll(rows, SOON).toMatchObject([{ state: "open", errors: [{ path: "model" }] }]);
    expect((await rows())[0]?.retriedAt?.toISOString()).toBe(asked.retried_at);
    await parts.mover.moved();
    expect(await counts()).toMatchObject([{ events: 1 }]);
  });

  test("another process leaves a retry to the spool it came from, and takes it when that is gone", async () => {
    await send({ ...EVENT, model: "" });
    await parts.mover.moved();
    const [row] = await rows();
    const id = row?.id ?? "";
    await endParts();
    await retry(id, () => undefined);
    const otherDir = path.join(dir, "other");
    const other = openIn(otherDir);
    parts = startParts({ spool: other });
    parts.retries.wake();
    await parts.mover.moved();
    expect(await rows()).toMatchObject([{ state: "retrying" }]);
    await postgres.db.update(rejections).set({ spoolId: "gone" }).where(eq(rejections.id, id));
    await expect.poll(rows, SOON).toMatchObject([{ state: "open" }]);
    await endParts();
    await other.close();
    parts = startParts();
  });

  test.runIf(engine === "PostgreSQL 15")(
    "PostgreSQL gone: requests go on, nothing is lost, and the counts are exact when it is back",
    async () => {
      await send({ ...EVENT, model: "" });
      await parts.mover.moved();
      server?.pause();
      for (let i = 0; i < 5; i++) {
        const result = await send({ ...EVENT, model: "" }, EVENT);
        expect(result).toMatchObject({ accepted: 1, rejected: [{}] });
      }
      await poison();
      server?.resume();
      await parts.mover.moved();
      const kept = (await rows()).map((row) => row.kind).sort();
      expect(kept).toEqual([...Array(5).fill("poisoned"), ...Array(6).fill("rejected")]);
      const events = new Map((await counts()).map((row) => [row.kind, row.events]));
      expect(events).toEqual(
        new Map([
          ["rejected", 6],
          ["poisoned", 5],
        ]),
      );
      expect(await countedEvents()).toBe(0);
    },
  );
});
