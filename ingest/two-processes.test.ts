import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import {
  type ClickHouseHttp,
  serveClickHouseHttp,
} from "@/db/clickhouse/testing/serve-clickhouse-http";
import { openPostgres, type Postgres } from "@/db/postgres";
import { findIntegrityDay } from "@/db/queries/integrity";
import { readCounters } from "@/ingest/testing/counted-events";
import { anyDelivery, anyStream } from "@/ingest/testing/event-stream";
import { expectCalls, expectCounters, expectSpend } from "@/ingest/testing/expect-exactly";
import { makeTestProject, sendRequests } from "@/ingest/testing/make-test-project";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { listEveryCall, readViews } from "@/ingest/testing/read-views";
import { rebuildAllRollups } from "@/ingest/testing/rebuild-all-rollups";
import { SendingClient } from "@/ingest/testing/sending-client";
import { startProcess, type TestProcess } from "@/ingest/testing/start-process";
import { type CheckContext, checkDays, toDate } from "@/lib/integrity/check-days";
import { ChangeWriter } from "@/lib/integrity/repair-day";
import { createLog } from "@/lib/log";
import { parseUsd } from "@/lib/money";
import { startRollups } from "@/lib/rollups/start-rollups";
import {
  hasPostgres15,
  type PostgresServer,
  startPostgres15,
} from "@/lib/testing/start-postgres-15";

const RUNS = process.env.SOAK ? 20 : 1;
const log = createLog("silent");
const PATIENCE = { timeout: 180_000, interval: 500 };

const missing = "SKIPPED: PostgreSQL 15 is not installed (apt-get install postgresql-15)";
describe.skipIf(!hasPostgres15)(
  hasPostgres15 ? "two processes on the same stores" : missing,
  () => {
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

    const newStores = () => ({
      databaseUrl: postgres15.createDatabase(),
      clickhouseUrl: `${server.url}/two_${++databases}`,
    });
    const newDir = () => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-two-"));
      onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }));
      return dir;
    };
    async function openOn(
      stores: { databaseUrl: string; clickhouseUrl: string },
      watch: (clickhouse: ClickHouse) => ClickHouse = (clickhouse) => clickhouse,
    ): Promise<TestIngest> {
      const { databaseUrl, clickhouseUrl } = stores;
      const postgres = await openPostgres({ databaseUrl, dataDir: "unused", log });
      const ingest = await openTestIngest({ postgres, clickhouseUrl, watch });
      onTestFinished(() => ingest.close());
      return ingest;
    }

    test("fed the same stream in different orders, they give every view the bytes of one stream; one at a time rolls up; what both counted is found and repaired", async () => {
      const stores = newStores();
      const rebuilds = { running: 0, most: 0, done: 0 };
      const watch = (clickhouse: ClickHouse): ClickHouse => ({
        ...clickhouse,
        async command(sql, ...rest) {
          if (!sql.includes("INSERT INTO calls_rollup")) return clickhouse.command(sql, ...rest);
          rebuilds.running += 1;
          rebuilds.most = Math.max(rebuilds.most, rebuilds.running);
          try {
            await clickhouse.command(sql, ...rest);
            rebuilds.done += 1;
          } finally {
            rebuilds.running -= 1;
          }
        },
      });
      const processes = [await openOn(stores, watch), await openOn(stores, watch)] as const;
      const [one] = processes;
      const jobs = processes.map(({ clickhouse, postgres }) =>
        startRollups({ clickhouse, postgres, log, graceMs: 0, debounceMs: 0, lookEveryMs: 20 }),
      );
      const drained = () =>
        Promise.all(
          processes.flatMap(({ calls, counters }) => [calls.drained(), counters.counted()]),
        );
      const viewsOf = async (projectId: string) => {
        const { counters, ...views } = await readViews(
          { clickhouse: one.clickhouse, db: one.postgres.db },
          projectId,
          Date.now() + 60_000,
        );
        return { counters, views: JSON.stringify(views, null, 1) };
      };
      const anyFeeding = anyStream({ min: 120, max: 180 }).chain((stream) =>
        fc.record({
          stream: fc.constant(stream),
          deliveries: fc.tuple(anyDelivery(stream), anyDelivery(stream)),
        }),
      );
      const check = async ({
        stream,
        deliveries,
      }: typeof anyFeeding extends fc.Arbitrary<infer V> ? V : never) => {
        const [plain, shared] = [await makeTestProject(one), await makeTestProject(one)];
        await sendRequests(one, plain.key, [{ events: stream, format: "list", isPacked: false }]);
        await Promise.all(
          processes.map((it, i) => sendRequests(it, shared.key, deliveries[i] ?? [], 1 + i)),
        );
        for (const job of jobs) job.wake();
        await drained();
        const expected = await viewsOf(plain.id);
        const first = await viewsOf(shared.id);
        expect(first.views).toBe(expected.views);
        await rebuildAllRollups(one);
        expect((await viewsOf(shared.id)).views).toBe(expected.views);

        // Neither process can know what the other counted.
        const events = (counters: unknown[]) =>
          (counters as { events: number }[]).reduce((sum, counter) => sum + counter.events, 0);
        expect(events(first.counters)).toBe(2 * stream.length);
        const found = await repairCounters(one, shared.id, [
          "2026-03-28",
          "2026-03-29",
          "2026-03-30",
        ]);
        expect((await viewsOf(shared.id)).counters).toEqual(expected.counters);
        expect(found.differenceFemtoUsd).toBe(
          (expected.counters as { costUsd: string }[]).reduce(
            (sum, { costUsd }) => sum + (parseUsd(costUsd) ?? 0n),
            0n,
          ),
        );
      };
      try {
        await fc.assert(fc.asyncProperty(anyFeeding, check), { numRuns: RUNS, endOnFailure: true });
      } finally {
        for (const job of jobs) await job.close();
      }
      expect(rebuilds.done).toBeGreaterThan(0);
      expect(rebuilds.most).toBe(1);
    }, 1_800_000);

    test.each([
      ["behind", -7 * 60_000],
      ["ahead", 7 * 60_000],
    ])(
      "one whose clock is minutes %s, killed and started again: one call an event, and the sums of one stream",
      async (_, clockMs) => {
        const stores = newStores();
        const right = await openOn(stores);
        const dir = newDir();
        const streams = ["a", "bb", "ccc"];
        // The same names give the same events: both processes are sent all of them.
        const [own, others] = [streams, streams].map((names) =>
          names.map((name) => new SendingClient(name)),
        ) as [SendingClient[], SendingClient[]];
        const REQUESTS = 30;
        const untilDone = (client: SendingClient) => () =>
          client.acknowledged.length >= REQUESTS * 10;
        const key = await right.makeKey();
        const sending = Promise.all(
          own.map((client) => client.send({ url: right.url, key }, untilDone(client))),
        );
        for (const isKilled of [true, false]) {
          const wrong = await startProcess({ dir, ...stores, clockMs });
          let answers = 0;
          const to = { url: wrong.url, key: wrong.keys.default };
          const answered = () => {
            answers += 1;
            if (isKilled && answers === 20) wrong.kill("SIGKILL");
          };
          await Promise.all(others.map((client) => client.send(to, untilDone(client), answered)));
          if (isKilled) expect(await wrong.ended).toBe("SIGKILL");
          // The other one lives to the end: of one that is gone nobody knows what it may still hold.
          else onTestFinished(() => endOf(wrong));
        }
        await sending;
        const projectId = right.projectIds.default;
        const counted = async () =>
          (await readCounters(right.postgres.db, projectId)).reduce(
            (sum, row) => sum + row.events,
            0,
          );
        // Each counts what it was sent, and neither knows of the other.
        await expect.poll(counted, PATIENCE).toBe(2 * REQUESTS * 10 * streams.length);
        const isDrained = async () =>
          (await right.clickhouse.query("SELECT DISTINCT id FROM llm_calls")).length;
        await expect.poll(isDrained, PATIENCE).toBe(REQUESTS * 10 * streams.length);
        await right.calls.drained();
        const events = own.flatMap(({ acknowledged }) => acknowledged);
        expect(others.flatMap(({ acknowledged }) => acknowledged).length).toBe(events.length);
        const asked = { clickhouse: right.clickhouse, db: right.postgres.db };
        for (const isRolledUp of [false, true]) {
          if (isRolledUp) await rebuildAllRollups(right);
          await expectCalls(asked, projectId, events);
          await expectSpend(asked, projectId, events);
        }
        const listed = await listEveryCall(
          { ...asked, projects: [{ id: projectId, slug: "p" }], nowMs: Date.now() },
          "from=2025-11-01T00:00:00Z&to=2025-11-08T00:00:00Z",
        );
        expect(listed.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
        const days = ["2025-11-03", "2025-11-04"];
        if (clockMs > 0) {
          await repairCounters(right, projectId, days);
          await expectCounters(asked, projectId, events);
        } else {
          // By its own clock it has not come to the last changes: until it has, what differs may be on its way.
          const starts = days.map((day) => Date.parse(day) / 1000);
          const context = lookingContext(right);
          for (let looks = 0; looks < 3; looks++) {
            const outcomes = await checkDays(context, projectId, starts);
            expect([...outcomes.values()]).toEqual(["moving", "moving"]);
          }
        }
      },
      600_000,
    );
  },
);

/** Ends a process as an operator does. */
async function endOf(running: TestProcess): Promise<void> {
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
}

function lookingContext(stores: { clickhouse: ClickHouse; postgres: Postgres }): CheckContext {
  return {
    clickhouse: stores.clickhouse,
    db: stores.postgres.db,
    log,
    changes: new ChangeWriter(),
    // Its moments lie before what the processes say of themselves, so that it need not wait for their next word.
    now: () => Date.now() - 30_000,
    pending: new Map(),
    onRepair: () => undefined,
  };
}

/** Looks at days, as the integrity job does, until none of them differs. @returns the dollars that differed */
async function repairCounters(
  { clickhouse, postgres }: { clickhouse: ClickHouse; postgres: Postgres },
  projectId: string,
  days: readonly string[],
): Promise<{ differenceFemtoUsd: bigint }> {
  const context = lookingContext({ clickhouse, postgres });
  const starts = days.map((day) => Date.parse(day) / 1000);
  await expect
    .poll(async () => {
      await checkDays(context, projectId, starts);
      const rows = await Promise.all(
        starts.map((start) => findIntegrityDay(postgres.db, projectId, toDate(start))),
      );
      return rows.every((row) => row === null || /^(repaired|equal)$/.test(row.state));
    }, PATIENCE)
    .toBe(true);
  let differenceFemtoUsd = 0n;
  for (const start of starts) {
    const row = await findIntegrityDay(postgres.db, projectId, toDate(start));
    // Twice what was counted once: a day that both counted must have been told as different, with its dollars.
    if (row) expect(row.state).toBe("repaired");
    differenceFemtoUsd += parseUsd(row?.differenceUsd ?? "0") ?? 0n;
  }
  expect((await readCounters(postgres.db, projectId)).length).toBeGreaterThan(0);
  return { differenceFemtoUsd };
}
