import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openPostgres, type Postgres } from "@/db/postgres";
import { spendCounters, spools } from "@/db/schema/counters";
import { createSpendCounting } from "@/ingest/counters/count-spend";
import { COUNTERS_READER, type CountersWriter, startCounting } from "@/ingest/counters/count-spool";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import { makeSpoolEvents, readCounters } from "@/ingest/testing/counted-events";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

const log = createLog("silent");
const KILLED = new Error("killed");
const SOON = { timeout: 30_000 };
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
  let dir: string;
  let projectId: string;
  let spool: Spool;
  const running = new Set<CountersWriter>();

  beforeAll(async () => {
    postgres = await open();
  });
  afterAll(() => postgres.close());
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-counters-"));
    projectId = randomUUID();
    spool = openIn(dir);
  });
  afterEach(async () => {
    for (const counters of running) await counters.close(0);
    running.clear();
    await spool.close();
    fs.rmSync(dir, { recursive: true, force: true });
  });

  function openIn(folder: string, readers = ["calls", COUNTERS_READER]): Spool {
    return openSpool({ dir: folder, maxBytes: 64 * 1024 * 1024, readers, log });
  }
  function start(
    options: { spool?: Spool; db?: Postgres["db"]; lingerMs?: number } = {},
  ): CountersWriter {
    const counters = startCounting({
      spool: options.spool ?? spool,
      postgres: { db: options.db ?? postgres.db },
      countings: [createSpendCounting(log)],
      callsBacklog: () => spool.reader("calls").backlog(),
      log,
      lingerMs: options.lingerMs ?? 1,
    });
    running.add(counters);
    return counters;
  }
  async function end(counters: CountersWriter): Promise<void> {
    running.delete(counters);
    await counters.close(0);
  }
  /** Ends the process at this point, as far as its disk can tell. */
  async function restart(counters: CountersWriter): Promise<CountersWriter> {
    await end(counters);
    await spool.close();
    spool = openIn(dir);
    return start();
  }
  const append = (count: number, options?: Parameters<typeof makeSpoolEvents>[2]) =>
    spool.append(makeSpoolEvents(projectId, count, options));
  const counted = () => readCounters(postgres.db, projectId);
  const backlog = () => spool.reader(COUNTERS_READER).backlog().events;
  const spoolRow = async () => {
    const [row] = await postgres.db.select().from(spools).where(eq(spools.id, spool.id()));
    return row;
  };

  test("every event is counted once by project and bucket, to the last digit, unknown costs apart", async () => {
    const counters = start();
    const other = randomUUID();
    await append(3);
    await append(2, { costUsd: "1000000.123456789012345" });
    await append(1, { costUsd: null });
    await append(4, { bucket: 1800, costUsd: "0" });
    await spool.append(makeSpoolEvents(other, 1));
    await counters.counted();
    expect(await counted()).toEqual([
      { bucket: 900, events: 6, costUsd: "2000000.246913578024693", unknownCosts: 1 },
      { bucket: 1800, events: 4, costUsd: "0.000000000000000", unknownCosts: 0 },
    ]);
    expect(await readCounters(postgres.db, other)).toMatchObject([{ events: 1 }]);
    // A block may be read a moment before the spool says how much waits in all; the last word of a process knows.
    await end(counters);
    expect(await spoolRow()).toMatchObject({ backlogEvents: 11 });
  });

  test("a repeated event and a conflict are not counted", async () => {
    const counters = start();
    const events = makeSpoolEvents(projectId, 5);
    const conflicting = events.map(({ row, identity }) => {
      return { row, identity: identity && { ...identity, contentHash: Buffer.alloc(16, 1) } };
    });
    await Promise.all([spool.append(events), spool.append(events)]);
    await counters.counted();
    await Promise.all([spool.append(events), spool.append(conflicting)]);
    await counters.counted();
    expect(await counted()).toMatchObject([{ events: 5 }]);
  });

  test("killed after PostgreSQL's commit and before the spool's mark, nothing is counted twice", async () => {
    const dead: Spool = {
      ...spool,
      reader: (name) => ({ ...spool.reader(name), advance: () => Promise.reject(KILLED) }),
    };
    const first = start({ spool: dead });
    await append(7);
    const acceptedMs = Date.now();
    await expect.poll(counted, SOON).toMatchObject([{ events: 7 }]);
    expect((await spoolRow())?.freshTo.getTime()).toBeLessThanOrEqual(acceptedMs);
    const second = await restart(first);
    expect(backlog()).toBe(7);
    await append(2);
    await second.counted();
    expect(await counted()).toMatchObject([{ events: 9 }]);
    expect(backlog()).toBe(0);
    await (await restart(second)).counted();
    expect(await counted()).toMatchObject([{ events: 9 }]);
  });

  test("killed before PostgreSQL's commit, nothing is lost", async () => {
    let attempts = 0;
    const db = Object.create(postgres.db, {
      transaction: {
        value: (work: Parameters<Postgres["db"]["transaction"]>[0]) =>
          postgres.db.transaction(async (tx) => {
            await work(tx);
            attempts++;
            throw KILLED;
          }),
      },
    }) as Postgres["db"];
    const first = start({ db });
    await append(7);
    await expect.poll(() => attempts, SOON).toBeGreaterThan(0);
    expect(await counted()).toEqual([]);
    await (await restart(first)).counted();
    expect(await counted()).toMatchObject([{ events: 7 }]);
  });

  test("a commit whose answer is lost counts once", async () => {
    let lost = 0;
    const db = Object.create(postgres.db, {
      transaction: {
        value: async (work: Parameters<Postgres["db"]["transaction"]>[0]) => {
          const result = await postgres.db.transaction(work);
          if (lost++ < 3) throw KILLED;
          return result;
        },
      },
    }) as Postgres["db"];
    const counters = start({ db });
    for (let i = 0; i < 4; i++) {
      await append(5);
      await counters.counted();
    }
    expect(lost).toBeGreaterThan(3);
    expect(await counted()).toMatchObject([{ events: 20 }]);
  });

  test("in a burst whole blocks wait for nothing, and what came during one waits from when it came", async () => {
    const TEN_MINUTES_MS = 600_000;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isBegun = false;
    const db = new Proxy(postgres.db, {
      get: (target, name) => {
        if (name !== "transaction") return Reflect.get(target, name, target);
        return async (...given: Parameters<typeof target.transaction>) => {
          isBegun = true;
          await held;
          return target.transaction(...given);
        };
      },
    });
    const counters = start({ db, lingerMs: TEN_MINUTES_MS });
    await expect.poll(() => counters.isRegistered(), SOON).toBe(true);
    await append(10_000);
    await expect.poll(() => isBegun, SOON).toBe(true);
    await append(10_000);
    await append(1);
    // Only the clock moves, no timer: a wait that begins anew would outlast the test.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + TEN_MINUTES_MS });
    release();
    await expect.poll(() => counted(), SOON).toMatchObject([{ events: 20_001 }]);
    vi.useRealTimers();
  });

  test("rows that cannot be read, and a sum past PostgreSQL's digits, stop nothing behind them", async () => {
    const absurd = randomUUID();
    await postgres.db.insert(spendCounters).values({
      projectId: absurd,
      bucket: 900,
      events: 1,
      costUsd: "99999999999999999999999",
      unknownCosts: 0,
      changedAt: new Date(),
    });
    const counters = start();
    await append(1);
    await spool.append([
      { row: Buffer.from(',"project_id":"default","bucket":900}\n'), identity: null },
      { row: Buffer.from(',"id":"nothing"}\n'), identity: null },
      ...makeSpoolEvents(absurd, 1, { costUsd: "9999999999999999" }),
    ]);
    await append(1);
    await counters.counted();
    expect(await counted()).toMatchObject([{ events: 2 }]);
    expect(await readCounters(postgres.db, absurd)).toMatchObject([{ events: 1 }]);
    expect(counters.isHealthy()).toBe(true);
  });

  test("a spool of before the counters is counted from where its calls are, not from its beginning", async () => {
    const folder = path.join(dir, "old");
    let old = openIn(folder, ["calls"]);
    await old.append(makeSpoolEvents(projectId, 3));
    const block = await old.reader("calls").read({ events: 1e9, bytes: 1e9 });
    if (block) await old.reader("calls").advance(block.mark);
    await old.append(makeSpoolEvents(projectId, 2));
    await old.close();
    old = openIn(folder);
    const counters = start({ spool: old });
    await counters.counted();
    expect(await counted()).toMatchObject([{ events: 2 }]);
    await end(counters);
    await old.close();
  });

  test("a spool that was put back from a copy has its new events counted", async () => {
    const copy = path.join(dir, "copy");
    await append(1);
    await spool.close();
    fs.cpSync(path.join(dir, "data.mdb"), path.join(copy, "data.mdb"), { recursive: true });
    spool = openIn(dir);
    const counters = start();
    await append(5);
    await append(5);
    await counters.counted();
    await end(counters);
    const restored = openIn(copy);
    const again = start({ spool: restored });
    await again.counted();
    const before = await counted();
    await restored.append(makeSpoolEvents(projectId, 1));
    await again.counted();
    const [was] = before;
    expect(await counted()).toMatchObject([{ events: (was?.events ?? 0) + 1 }]);
    await end(again);
    await restored.close();
  });

  test.runIf(engine === "PostgreSQL 15")(
    "PostgreSQL gone: events are taken and wait, it is said, and each is counted once when it is back",
    async () => {
      const counters = start();
      await append(3);
      await counters.counted();
      server?.pause();
      await append(4);
      await expect.poll(() => counters.isHealthy(), SOON).toBe(false);
      await append(5);
      expect(backlog()).toBe(9);
      server?.resume();
      await counters.counted();
      expect(await counted()).toMatchObject([{ events: 12 }]);
      expect(counters.isHealthy()).toBe(true);
    },
  );
});
