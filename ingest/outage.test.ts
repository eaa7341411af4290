import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type ClickHouseHttp,
  type Outage,
  serveClickHouseHttp,
} from "@/db/clickhouse/testing/serve-clickhouse-http";
import { openPostgres } from "@/db/postgres";
import type { Readiness } from "@/ingest/health";
import { expectCalls, expectCounters, expectSpend } from "@/ingest/testing/expect-exactly";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { SendingClient } from "@/ingest/testing/sending-client";
import { startProcess } from "@/ingest/testing/start-process";
import { finishCorrections } from "@/ingest/testing/work-hastily";
import { createLog } from "@/lib/log";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

/** How long a store is away: with `SOAK=1` a minute, else until so many requests were acknowledged without it. */
const OUTAGE_MS = process.env.SOAK ? 60_000 : 0;
const OUTAGE_REQUESTS = 50;
const CONNECTIONS = 4;
const PATIENCE = { timeout: 300_000, interval: 100 };

const OUTAGES: Outage[] = ["closed", "silent", "refusing", "answers lost"];

/** Agents that go on sending until `end`. */
function startLoad(to: { url: string; key: string }) {
  const clients = Array.from(
    { length: CONNECTIONS },
    (_, i) => new SendingClient("x".repeat(i + 1)),
  );
  let requests = 0;
  let isOver = false;
  const mustStop = () => isOver;
  const answered = () => {
    requests += 1;
  };
  const sending = Promise.all(clients.map((client) => client.send(to, mustStop, answered)));
  return {
    events: () => clients.flatMap(({ acknowledged }) => acknowledged),
    /** Resolves when so many more requests were acknowledged. */
    more: (count: number) => {
      const enough = requests + count;
      return expect.poll(() => requests, PATIENCE).toBeGreaterThanOrEqual(enough);
    },
    async end() {
      isOver = true;
      await sending;
      // A connection that broke is an answer that never came.
      expect(clients.some((client) => client.hasPending())).toBe(false);
    },
  };
}

/** What was claimed at one moment, and what was true then. */
interface Sample {
  freshToMs: number;
  backlogEvents: number;
  acknowledged: number;
  queryable: Set<string>;
}

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(hasPostgres15 ? "under load" : missing, () => {
  let server: ClickHouseHttp;
  let postgres15: PostgresServer;
  let databases = 0;
  beforeAll(async () => {
    [server, postgres15] = [await serveClickHouseHttp(), await startPostgres15()];
  });
  afterAll(async () => {
    postgres15?.stop();
    await server?.close();
  });

  async function openOnServers(): Promise<TestIngest & { database: string }> {
    const database = `away_${++databases}`;
    const databaseUrl = postgres15.createDatabase();
    const log = createLog("silent");
    const postgres = await openPostgres({ databaseUrl, dataDir: "unused", log });
    const ingest = await openTestIngest({ postgres, clickhouseUrl: `${server.url}/${database}` });
    onTestFinished(() => ingest.close());
    return { ...ingest, database };
  }

  const readCalls = (database: string) =>
    server.ask(
      `SELECT id, toUnixTimestamp64Micro(ingested_at) AS arrivedUs FROM ${database}.llm_calls FINAL`,
    ) as { id: string; arrivedUs: string }[];

  test.each(OUTAGES)(
    "ClickHouse away (%s): ingest goes on, nothing is lost or doubled, and no answer claims to be fresher than it is",
    async (outage) => {
      const ingest = await openOnServers();
      const readiness = async () =>
        (await ingest.post(null, { path: "/readyz", method: "GET", key: null }))
          .body as unknown as Readiness;
      const load = startLoad({ url: ingest.url, key: await ingest.makeKey() });
      const samples: Sample[] = [];
      const takeSample = () => {
        const { freshToMs, events: backlogEvents } = ingest.calls.backlog();
        const acknowledged = load.events().length;
        const queryable = new Set(readCalls(ingest.database).map(({ id }) => id));
        samples.push({ freshToMs, backlogEvents, acknowledged, queryable });
      };

      await load.more(20);
      takeSample();
      await server.fail(outage);
      try {
        const begunMs = performance.now();
        await expect.poll(readiness, PATIENCE).toMatchObject({ degraded: true });
        for (let i = 0; i < 4; i++) {
          await load.more(OUTAGE_REQUESTS / 4);
          takeSample();
        }
        await expect
          .poll(() => performance.now() - begunMs, PATIENCE)
          .toBeGreaterThanOrEqual(OUTAGE_MS);
        takeSample();
        const ready = await readiness();
        // A probe's answer is not lost.
        expect(ready).toMatchObject({ clickhouse: outage === "answers lost", degraded: true });
        expect(ready.spool.events).toBeGreaterThan(0);
      } finally {
        await server.recover();
      }
      await load.more(20);
      takeSample();
      await load.end();
      await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
      takeSample();

      const projectId = ingest.projectIds.default;
      const stores = { clickhouse: ingest.clickhouse, db: ingest.postgres.db };
      await expectCalls(stores, projectId, load.events());
      await expectSpend(stores, projectId, load.events());
      await expectCounters(stores, projectId, load.events());
      await expect.poll(readiness, PATIENCE).toMatchObject({ degraded: false });

      const arrivals = readCalls(ingest.database);
      for (const { freshToMs, backlogEvents, acknowledged, queryable } of samples) {
        const missing = arrivals.filter(
          ({ id, arrivedUs }) => Number(arrivedUs) < freshToMs * 1000 && !queryable.has(id),
        );
        expect(missing).toEqual([]);
        expect(backlogEvents + queryable.size).toBeGreaterThanOrEqual(acknowledged);
      }
      // The last of them, taken when all was drained, claims all of it.
      expect(samples.at(-1)?.queryable.size).toBe(arrivals.length);
    },
    600_000,
  );

  test.each([
    ["alone", false],
    ["and ClickHouse with it", true],
  ])(
    "PostgreSQL away (%s): the process lives, ingest goes on, and every event is counted once",
    async (_, isClickHouseAway) => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-away-"));
      const urls = {
        databaseUrl: postgres15.createDatabase(),
        clickhouseUrl: `${server.url}/away_${++databases}`,
      };
      // Its background work holds locks, which are transactions, all the time.
      const served = await startProcess({ dir, ...urls, isHasty: true });
      const readiness = async () =>
        (await (await fetch(`${served.url}/readyz`)).json()) as Readiness;
      const load = startLoad({ url: served.url, key: served.keys.default });
      for (let outages = 0; outages < 3; outages++) {
        await load.more(20);
        postgres15.pause();
        if (isClickHouseAway) await server.fail("closed");
        try {
          const begunMs = performance.now();
          await load.more(OUTAGE_REQUESTS);
          await expect.poll(readiness, PATIENCE).toMatchObject({
            postgres: false,
            clickhouse: !isClickHouseAway,
            degraded: true,
          });
          await expect
            .poll(() => performance.now() - begunMs, PATIENCE)
            .toBeGreaterThanOrEqual(OUTAGE_MS / 3);
        } finally {
          postgres15.resume();
          if (isClickHouseAway) await server.recover();
        }
      }
      await load.more(20);
      await load.end();
      await expect.poll(readiness, PATIENCE).toMatchObject({ degraded: false });
      served.kill("SIGTERM");
      expect(await served.ended).toBe(0);

      const log = createLog("silent");
      const postgres = await openPostgres({ ...urls, dataDir: dir, log });
      const ingest = await openTestIngest({ dir, postgres, clickhouseUrl: urls.clickhouseUrl });
      onTestFinished(() => ingest.close());
      await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
      await finishCorrections({ ...ingest, log });
      const stores = { clickhouse: ingest.clickhouse, db: postgres.db };
      const projectId = ingest.projectIds.default;
      await expectCalls(stores, projectId, load.events());
      await expectSpend(stores, projectId, load.events());
      await expectCounters(stores, projectId, load.events());
    },
    900_000,
  );
});
