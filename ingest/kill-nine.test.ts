import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openPostgres } from "@/db/postgres";
import { readCounters } from "@/ingest/testing/counted-events";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";
import { parseUsd } from "@/lib/money";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";

const EVENT = {
  provider: "anthropic",
  model: "claude-sonnet-4-5-20250929",
  timestamp: "2025-11-03T09:15:00Z",
  usage: { input_tokens: 1200, output_tokens: 350 },
};
const EVENTS_PER_REQUEST = 20;
const CONNECTIONS = 4;
const REQUESTS_BEFORE_THE_KILL = 40;

interface Server {
  child: ChildProcess;
  url: string;
  key: string;
}

async function serve(dir: string, databaseUrl: string | null): Promise<Server> {
  const file = path.join(import.meta.dirname, "testing", "serve-until-killed.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, dir, databaseUrl ?? ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return { child, ...(JSON.parse(line) as { url: string; key: string }) };
}

/** Posts until the server is gone. @returns ids of every event that was answered with a 202 for all. */
async function postUntilKilled({ child, url, key }: Server, run: string): Promise<string[]> {
  const acknowledged: string[] = [];
  let requests = 0;
  const post = async (connection: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const ids = Array.from(
        { length: EVENTS_PER_REQUEST },
        (_, j) => `${run}-${connection}-${i}-${j}`,
      );
      const response = await fetch(`${url}/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify(ids.map((id) => ({ ...EVENT, id }))),
      });
      const answer = (await response.json()) as { accepted: number };
      if (response.status !== 202 || answer.accepted !== ids.length) throw new Error("refused");
      acknowledged.push(...ids);
      if (++requests === REQUESTS_BEFORE_THE_KILL) child.kill("SIGKILL");
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: CONNECTIONS }, (_, i) => post(i)));
  for (const end of ends) {
    if (end.status === "rejected" && end.reason?.message === "refused") throw end.reason;
  }
  return acknowledged;
}

test.each(hasPostgres15 ? ["PGlite", "PostgreSQL 15"] : ["PGlite"])(
  "on %s, every event answered with 202 survives kill -9 under load, twice, and is counted once, in the calls and in the counters",
  async (engine) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-killed-"));
    const pg15 = engine === "PGlite" ? null : await startPostgres15();
    const databaseUrl = pg15?.createDatabase() ?? null;
    const acknowledged: string[] = [];
    for (const run of ["first", "second"]) {
      const server = await serve(dir, databaseUrl);
      const exit = once(server.child, "exit");
      acknowledged.push(...(await postUntilKilled(server, run)));
      expect(await exit).toEqual([null, "SIGKILL"]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(
      2 * (REQUESTS_BEFORE_THE_KILL - CONNECTIONS) * EVENTS_PER_REQUEST,
    );
    const log = createLog("silent");
    const postgres = await openPostgres({ databaseUrl, dataDir: dir, log });
    const ingest = await openTestIngest({ dir, postgres });
    try {
      const rows = await ingest.rows();
      const counts = new Map<unknown, number>();
      for (const { id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(acknowledged.filter((id) => counts.get(id) !== 1)).toEqual([]);
      expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
      await ingest.counters.counted();
      const counted = await readCounters(ingest.postgres.db, ingest.projectIds.default);
      const [sums] = await ingest.clickhouse.query(
        "SELECT count() AS events, sum(cost_usd) AS usd FROM llm_calls FINAL",
      );
      const { events, usd } = sums as { events: string; usd: string };
      expect(counted).toMatchObject([{ events: Number(events), unknownCosts: 0 }]);
      expect(parseUsd(counted[0]?.costUsd ?? "")).toBe(parseUsd(usd));
    } finally {
      await ingest.close();
      pg15?.stop();
    }
  },
);
