import fs from "node:fs";
import { type ServerProcess, startServer } from "../bench/server-process";
import { serveClickHouseHttp } from "../db/clickhouse/testing/serve-clickhouse-http";
import { hasPostgres15, startPostgres15 } from "../lib/testing/start-postgres-15";
import { expect, sendEvents, test } from "./server-fixture";

const DAY = "2026-03-02";
const EVENTS = [
  ["a", "search", "gpt-4o-mini", 1_000_000, 500_000],
  ["b", "search", "gpt-4o-mini", 7, 3],
  ["c", "support", "gpt-4.1-2025-04-14", 12_345, 678],
  ["d", "support", "no-such-model", 1, 1],
].map(([id, feature, model, input, output]) => ({
  id,
  timestamp: `${DAY}T10:00:00Z`,
  provider: "openai",
  model,
  feature,
  usage: { input_tokens: input, output_tokens: output },
}));

interface Answer {
  rows: unknown;
  total: { calls: number };
  fresh_to: string | null;
  backlog_events: number | null;
}

async function ask(server: ServerProcess, key: string): Promise<Answer> {
  const query = `project=default&from=${DAY}T00:00:00Z&to=${DAY}T23:00:00Z&tz=UTC&group_by=feature`;
  const response = await fetch(`${server.url}/api/spend?${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

async function askSpend(
  server: ServerProcess,
  key: string,
): Promise<Pick<Answer, "rows" | "total">> {
  const { rows, total } = await ask(server, key);
  return { rows, total };
}

async function waitForCalls(server: ServerProcess, key: string, count: number): Promise<void> {
  await expect.poll(async () => (await ask(server, key)).total.calls).toBe(count);
}

test("servers instead of the embedded stores, in two roles, give the same dollars", async ({
  server: embedded,
}) => {
  test.skip(!hasPostgres15, "PostgreSQL 15 is not installed here (Debian: postgresql-15)");
  const clickhouse = await serveClickHouseHttp();
  const postgres = await startPostgres15();
  const key = embedded.key;
  const env = {
    CLICKHOUSE_URL: `${clickhouse.url}/outlay`,
    DATABASE_URL: postgres.createDatabase(),
    OUTLAY_API_KEY: key,
  };
  const started: ServerProcess[] = [];
  try {
    const ingest = await startServer({ env: { ...env, OUTLAY_ROLE: "ingest" } });
    started.push(ingest);
    const web = await startServer({ env: { ...env, OUTLAY_ROLE: "web" } });
    started.push(web);
    for (const target of [embedded, ingest]) {
      await sendEvents(target, key, EVENTS);
      await sendEvents(target, key, [...EVENTS].reverse());
    }
    await waitForCalls(embedded, key, EVENTS.length);
    await waitForCalls(web, key, EVENTS.length);
    expect(await askSpend(web, key)).toEqual(await askSpend(embedded, key));
    // The role that keeps no events knows from the others how far its figures reach.
    await expect.poll(async () => (await ask(web, key)).backlog_events).toBe(0);
    const { fresh_to } = await ask(web, key);
    expect(Date.now() - Date.parse(fresh_to ?? "")).toBeLessThan(60_000);

    // Each role says what it does not do.
    expect((await fetch(`${ingest.url}/explore`)).status).toBe(404);
    expect((await fetch(`${web.url}/v1/events`, { method: "POST" })).status).toBe(404);
    for (const target of started) {
      const ready = await fetch(`${target.url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({
        clickhouse: true,
        postgres: true,
        degraded: false,
      });
    }

    // Without its stores the web role cannot do its job, and ingest goes on: its spool holds the promise.
    postgres.pause();
    expect((await fetch(`${web.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${ingest.url}/readyz`)).status).toBe(200);
    await sendEvents(ingest, key, [{ ...EVENTS[0], id: "while-postgres-is-away" }]);
    postgres.resume();
    await waitForCalls(web, key, EVENTS.length + 1);
  } finally {
    for (const target of started) {
      await target.stop();
      fs.rmSync(target.dataDir, { recursive: true, force: true });
    }
    postgres.stop();
    await clickhouse.close();
  }
});
