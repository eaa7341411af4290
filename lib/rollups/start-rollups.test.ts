import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BLOCK_GRAINS } from "@/db/clickhouse/cubes";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import type { Postgres } from "@/db/postgres";
import { openPostgresServer } from "@/db/postgres-server";
import { createLog } from "@/lib/log";
import { type Rollups, startRollups } from "@/lib/rollups/start-rollups";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let postgres: Postgres;
let jobs: Rollups[] = [];
let projectNumber = 0;
let change = 0;
const START = Date.parse("2026-01-09T22:00:00Z");
const SOON = { timeout: 60_000, interval: 50 };

beforeAll(async () => {
  store = await openTestClickHouse();
  postgres = await openTestPostgres();
});
afterEach(async () => {
  await Promise.all(jobs.map((job) => job.close()));
  jobs = [];
});
afterAll(async () => {
  await postgres.close();
  await store.close();
});

/** Writes a call of a project and records it, as the drain does; gives the project. */
async function write(given?: string): Promise<string> {
  projectNumber += 1;
  change += 1;
  const projectId = given ?? `started-${projectNumber}`;
  const row = makeCallRow({ project_id: projectId, atMs: START });
  await store.clickhouse.insertLines("llm_calls", toLines([row]));
  const touched = [{ projectId, bucket: toBucket(START * 1000) }];
  await insertBucketChanges(store.clickhouse, touched, { writer: "1", number: change });
  return projectId;
}

/** Its bucket and its day, once both are rebuilt. */
async function countClean(projectId: string): Promise<number> {
  const fromUs = (START - 86_400_000) * 1000;
  const scope = { projectIds: [projectId], fromUs, toUs: (START + 86_400_000) * 1000 };
  const clean = await listCleanRollups(store.clickhouse, scope);
  return clean.reduce((sum, { starts }) => sum + starts.length, 0);
}

type Options = Partial<Parameters<typeof startRollups>[0]>;
function start(given: Options = {}): Rollups {
  const often = { graceMs: 0, debounceMs: 0, lookEveryMs: 20, retryMs: 20 };
  const { clickhouse } = store;
  const job = startRollups({ clickhouse, postgres, log: createLog("silent"), ...often, ...given });
  jobs.push(job);
  return job;
}

/** The engine with something that happens, or fails, before each look at what is stale and each sum of calls or days. */
function hooked(before: { look?: () => Promise<void>; sum?: () => Promise<void> }): ClickHouse {
  const { clickhouse } = store;
  return {
    ...clickhouse,
    async query(sql, ...rest) {
      if (sql.includes("WHERE flip.1 != latest")) await before.look?.();
      return clickhouse.query(sql, ...rest);
    },
    async command(sql, ...rest) {
      const isOfBlock = BLOCK_GRAINS.some((grain) => sql.includes(` ${grain}, cube`));
      if (sql.startsWith("INSERT INTO calls_rollup") && !isOfBlock) await before.sum?.();
      return clickhouse.command(sql, ...rest);
    },
  };
}

/** Something to wait at, and a way to let go of it. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("what an earlier process left stale is rebuilt at the start, and what is written later after a wake", async () => {
  const early = await write();
  const job = start();
  await expect.poll(() => countClean(early), SOON).toBe(2);
  const late = await write();
  job.wake();
  await expect.poll(() => countClean(late), SOON).toBe(2);
});

test("a thousand wakes are one look", async () => {
  let looks = 0;
  const clickhouse = hooked({
    look: async () => {
      looks += 1;
    },
  });
  await write();
  const job = start({ clickhouse, lookEveryMs: 3_600_000 });
  // Buckets, days and two sizes of blocks, and each time what is left of them; hours, of which there are none.
  await expect.poll(() => looks, SOON).toBe(9);
  for (let n = 0; n < 1000; n += 1) job.wake();
  await job.close();
  expect(looks).toBe(9);
});

test("what was just rebuilt rests, and is rebuilt later by itself", async () => {
  const projectId = await write();
  let sums = 0;
  const clickhouse = hooked({
    sum: async () => {
      sums += 1;
    },
  });
  const job = start({ clickhouse, debounceMs: 1500 });
  await expect.poll(() => countClean(projectId), SOON).toBe(2);
  const before = sums;
  for (let n = 0; n < 5; n += 1) {
    await write(projectId);
    job.wake();
  }
  await expect.poll(() => countClean(projectId), SOON).toBe(2);
  // Five late events, and at the most one rebuild more than one while of rest takes.
  expect(sums - before).toBeLessThanOrEqual(4);
});

test("a failure is tried again, and stops nothing", async () => {
  const projectId = await write();
  let failures = 0;
  const clickhouse = hooked({
    look: async () => {
      failures += 1;
      if (failures <= 3) throw new Error("out of reach");
    },
  });
  start({ clickhouse });
  await expect.poll(() => countClean(projectId), SOON).toBe(2);
});

test("closing waits for the statement under way, and begins no other", async () => {
  const projectId = await write();
  const [reached, held] = [gate(), gate()];
  let sums = 0;
  const clickhouse = hooked({
    sum: async () => {
      sums += 1;
      reached.open();
      await held.opened;
    },
  });
  const job = start({ clickhouse });
  await reached.opened;
  let isClosed = false;
  const closed = job.close().then(() => {
    isClosed = true;
  });
  await countClean(projectId);
  expect(isClosed).toBe(false);
  held.open();
  await closed;
  expect(sums).toBe(1);
});

describe.skipIf(!hasPostgres15)("two processes on one PostgreSQL 15", () => {
  let server: PostgresServer;
  let stores: Postgres[];
  beforeAll(async () => {
    server = await startPostgres15();
    const databaseUrl = server.createDatabase();
    const first = await openPostgresServer({ databaseUrl });
    stores = [first, await openPostgresServer({ databaseUrl })];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(stores.map((one) => one.close()));
    server.stop();
  });

  test("one rebuilds while the other waits, and takes over when the first is gone", async () => {
    const projectId = await write();
    const [reached, held, refused] = [gate(), gate(), gate()];
    const begun = { first: 0, second: 0 };
    const first = hooked({
      sum: async () => {
        begun.first += 1;
        reached.open();
        await held.opened;
      },
    });
    const second = hooked({
      look: async () => {
        begun.second += 1;
      },
    });
    const [one, two] = stores;
    if (!one || !two) throw new Error("two stores were opened");
    const job = start({ postgres: one, clickhouse: first });
    await reached.opened;
    // Its turns are counted where it asks for the lock.
    let turns = 0;
    const counted = new Proxy(two.db, {
      get(db, name) {
        if (name === "transaction") {
          turns += 1;
          if (turns > 3) refused.open();
        }
        const value: unknown = Reflect.get(db, name);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    start({ postgres: { kind: "server", db: counted }, clickhouse: second });
    await refused.opened;
    expect(begun).toEqual({ first: 1, second: 0 });
    const closed = job.close();
    held.open();
    await closed;
    await expect.poll(() => begun.second, SOON).toBeGreaterThan(0);
    await expect.poll(() => countClean(projectId), SOON).toBe(2);
  }, 60_000);
});
