import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClickHouse, openClickHouse } from "@/db/clickhouse/client";
import { migrateClickHouse } from "@/db/clickhouse/migrate";
import { deleteProjectCalls } from "@/db/clickhouse/queries/delete-project-calls";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { serveClickHouseHttp } from "@/db/clickhouse/testing/serve-clickhouse-http";
import { createLog } from "@/lib/log";
import { FIGURE_NAMES } from "@/lib/spend/figures";
import { sumSpend } from "@/lib/spend/sum-spend";

let server: Awaited<ReturnType<typeof serveClickHouseHttp>>;
let clickhouse: ClickHouse;
const log = createLog("silent");
const open = (url: string) => openClickHouse({ url, dataDir: "unused", log });
const atMs = Date.parse("2026-11-10T12:00:00Z");

beforeAll(async () => {
  server = await serveClickHouseHttp();
  clickhouse = await open(`${server.url}/spend_here`);
  await migrateClickHouse(clickhouse, { log });
});
afterAll(async () => {
  await clickhouse.close();
  await server.close();
});

test("a server's database is the URL's path, made once, and migrated once", async () => {
  const again = await open(`${server.url}/spend_here`);
  await migrateClickHouse(again, { log });
  expect(await again.query("SELECT currentDatabase() AS d")).toEqual([{ d: "spend_here" }]);
  await again.close();
});

test("a list that no URL would hold arrives whole, with every sign it may contain", async () => {
  const values = Array.from({ length: 6_000 }, (_, n) => `v'${n}\\ 😀`);
  const rows = await clickhouse.query(
    "SELECT length({values:Array(String)}) AS n, {values:Array(String)}[6000] AS last",
    { values },
  );
  expect(rows).toEqual([{ n: "6000", last: values.at(-1) }]);
});

test("rows go in and questions come back the same as from the embedded engine", async () => {
  const name = "tab\t quote' back\\slash 😀";
  await clickhouse.insertLines(
    "llm_calls",
    toLines([makeCallRow({ atMs, name, cost_usd: "0.1" })]),
  );
  const rows = await clickhouse.query(
    "SELECT name, cost_usd, version FROM llm_calls WHERE name IN {names:Array(String)}",
    { names: [name, "other"] },
  );
  expect(rows).toEqual([{ name, cost_usd: "0.1", version: expect.any(String) }]);
  const answer = await sumSpend(
    {
      clickhouse,
      projects: [{ id: "project-a", slug: "a" }],
      freshness: null,
      nowMs: atMs + 1000,
      organisationTimeZone: "Asia/Kathmandu",
    },
    {
      fromUs: null,
      toUs: null,
      timeZone: null,
      interval: "day",
      groupBy: ["feature", "metadata.it's"],
      limit: 10,
      asOfUs: null,
      figures: [...FIGURE_NAMES],
      filters: [{ dimension: "name", values: [name] }],
    },
  );
  expect(answer.rows).toMatchObject([
    {
      bucket: "2026-11-10T00:00:00+05:45",
      feature: "search",
      "metadata.it's": null,
      cost_usd: "0.1",
    },
  ]);
  await deleteProjectCalls(clickhouse, "project-a");
  expect(await clickhouse.query("SELECT id FROM llm_calls")).toEqual([]);
});

test("an unknown key refuses the insert, an error carries the engine's code and no SQL", async () => {
  await expect(clickhouse.insertLines("llm_calls", '{"surprise":1}\n')).rejects.toMatchObject({
    name: "QueryFailedError",
    engineCode: "117",
  });
  const failure = clickhouse.query("SELECT secret_column FROM llm_calls");
  await expect(failure).rejects.toMatchObject({ code: "internal", engineCode: "47" });
  await expect(failure).rejects.not.toThrow("secret_column");
});

test("a server that is away is told in one sentence at the start, and as unavailable later", async () => {
  const gone = await serveGone();
  await expect(open(gone)).rejects.toMatchObject({
    code: "server_unreachable",
    isStartError: true,
  });
  await expect(open(`${server.url}/no-name!`)).rejects.toMatchObject({ code: "bad_url" });
});

test("a question is dropped when its reader leaves, under way or not asked yet, and the next one is answered", async () => {
  await expect(clickhouse.query("SELECT 1", {}, {}, AbortSignal.abort())).rejects.toMatchObject({
    isAbandoned: true,
  });
  await server.fail("silent");
  const gone = new AbortController();
  const asked = clickhouse.query("SELECT 1", {}, {}, gone.signal);
  gone.abort();
  await expect(asked).rejects.toMatchObject({ isAbandoned: true });
  await server.recover();
  const stays = new AbortController().signal;
  expect(await clickhouse.query("SELECT 1 AS one", {}, {}, stays)).toEqual([{ one: 1 }]);
});

/** An address where nobody listens any more. */
async function serveGone(): Promise<string> {
  const net = await import("node:net");
  const listener = net.createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 1}`;
}
