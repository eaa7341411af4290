import { randomInt } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { serveClickHouseHttp } from "@/db/clickhouse/testing/serve-clickhouse-http";
import { openPostgres } from "@/db/postgres";
import { insertProject } from "@/db/queries/projects";
import { expectCalls, expectCounters, expectSpend } from "@/ingest/testing/expect-exactly";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { DEATH_POINTS, type DeathWish } from "@/ingest/testing/process-options";
import { rebuildAllRollups } from "@/ingest/testing/rebuild-all-rollups";
import { SendingClient } from "@/ingest/testing/sending-client";
import { DiedAtStartError, startProcess } from "@/ingest/testing/start-process";
import { finishCorrections } from "@/ingest/testing/work-hastily";
import { createLog } from "@/lib/log";
import { placeTestCluster } from "@/lib/testing/open-test-postgres";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";

const KILLS = process.env.SOAK ? 20 : 3;
/** Printed with a failure; set it to see the same choices again. */
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
const log = createLog("silent");

/** Both projects are sent to; the calls of `other` expire all the time. */
const PROJECTS = ["default", "other"] as const;
type Project = (typeof PROJECTS)[number];

/** When a process is killed: after so many acknowledged requests, if it does not die by its own hand before. */
interface Death {
  afterRequests: number;
  wish: DeathWish | null;
}

/** Deaths, the same for the same seed (mulberry32). */
function makeDeaths(seed: number): () => Death {
  let state = seed;
  const random = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
  const pick = <Choice>(choices: readonly [Choice, ...Choice[]]): Choice =>
    choices[random(choices.length)] ?? choices[0];
  return () => {
    // A third under load alone; the others at a point of the background work, under load as well.
    if (random(3) === 0) return { afterRequests: 1 + random(60), wish: null };
    const wish: DeathWish = {
      point: pick(DEATH_POINTS),
      nth: 1 + random(4),
      when: pick(["before", "during", "after"]),
    };
    return { afterRequests: 60, wish };
  };
}

interface StorePair {
  databaseUrl: string | null;
  clickhouseUrl: string | null;
  close(): Promise<void>;
}

const PAIRS: { pair: string; open: () => Promise<StorePair> }[] = [
  {
    pair: "in the process",
    open: async () => ({ databaseUrl: null, clickhouseUrl: null, close: async () => undefined }),
  },
  {
    pair: "on servers, which go on",
    open: async () => {
      const clickhouse = await serveClickHouseHttp();
      const postgres = await startPostgres15();
      return {
        databaseUrl: postgres.createDatabase(),
        clickhouseUrl: clickhouse.url,
        async close() {
          postgres.stop();
          await clickhouse.close();
        },
      };
    },
  },
];

async function serveAndKill(
  stores: { dir: string; databaseUrl: string | null; clickhouseUrl: string | null },
  clients: Record<Project, SendingClient[]>,
  { afterRequests, wish }: Death,
): Promise<void> {
  const server = await startProcess({ ...stores, isHasty: true, deathWish: wish }).catch(
    (error: unknown) => {
      // Its first work may be what it dies of: then it was killed while it recovered from the one before.
      if (wish && error instanceof DiedAtStartError && error.how === "SIGKILL") return null;
      throw error;
    },
  );
  if (!server) return;
  let requests = 0;
  const answered = () => {
    requests += 1;
    if (requests === afterRequests) server.kill("SIGKILL");
  };
  await Promise.all(
    PROJECTS.flatMap((project) =>
      clients[project].map((client) =>
        client.send({ url: server.url, key: server.keys[project] }, () => false, answered),
      ),
    ),
  );
  expect(await server.ended).toBe("SIGKILL");
}

/** Makes the project whose calls expire, before the first process looks for it. */
async function letOtherExpire(dir: string, databaseUrl: string | null): Promise<void> {
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  await insertProject(postgres.db, { slug: "other", name: "Other", retentionDays: 1 });
  await postgres.close();
}

/** Starts once more, sends what was never answered, and holds everything against what was acknowledged. */
async function checkWhatIsLeft(
  dir: string,
  { databaseUrl, clickhouseUrl }: Pick<StorePair, "databaseUrl" | "clickhouseUrl">,
  clients: Record<Project, SendingClient[]>,
): Promise<void> {
  const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
  const ingest = await openTestIngest({ dir, postgres, clickhouseUrl });
  try {
    for (const project of PROJECTS) {
      const server = { url: ingest.url, key: await ingest.makeKey({ project }) };
      for (const client of clients[project]) await client.send(server, () => true);
    }
    await Promise.all([ingest.calls.drained(), ingest.counters.counted()]);
    await finishCorrections({ ...ingest, log });
    const stores = { clickhouse: ingest.clickhouse, db: postgres.db };
    for (const isRolledUp of [false, true]) {
      if (isRolledUp) await rebuildAllRollups({ clickhouse: ingest.clickhouse, postgres });
      for (const project of PROJECTS) {
        const projectId = ingest.projectIds[project];
        const events = clients[project].flatMap(({ acknowledged }) => acknowledged);
        expect(events.length).toBeGreaterThan(0);
        // Of days that are sealed the calls are gone and their sums stay.
        if (project === "default") await expectCalls(stores, projectId, events);
        await expectSpend(stores, projectId, events);
        await expectCounters(stores, projectId, events);
      }
    }
  } finally {
    await ingest.close();
  }
}

describe.each(PAIRS)("stores $pair", ({ pair, open }) => {
  const isHere = pair.startsWith("in") || hasPostgres15;
  test.skipIf(!isHere)(
    `${KILLS} times kill -9, under load and in the middle of draining, counting, correcting, summing and sealing, loses no acknowledged event and counts none twice`,
    async () => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-killed-"));
      const { close, ...urls } = await open();
      const clients = {
        default: [new SendingClient("a"), new SendingClient("bb")],
        other: [new SendingClient("c"), new SendingClient("dd")],
      };
      if (urls.databaseUrl === null) await placeTestCluster(dir);
      await letOtherExpire(dir, urls.databaseUrl);
      const nextDeath = makeDeaths(SEED);
      const deaths = Array.from({ length: KILLS }, nextDeath);
      try {
        for (const death of deaths) await serveAndKill({ dir, ...urls }, clients, death);
        await checkWhatIsLeft(dir, urls, clients);
      } catch (error) {
        const text = `SEED=${SEED}: ${JSON.stringify(deaths)}`;
        throw new Error(`${text}\n${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      } finally {
        await close();
        fs.rmSync(dir, { recursive: true, force: true });
      }
    },
    1_800_000,
  );
});
