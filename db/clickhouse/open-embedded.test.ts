import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClickHouse, openClickHouse } from "@/db/clickhouse/client";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
const atMs = Date.parse("2026-11-01T10:07:00Z");
const SLOW = "SELECT sleepEachRow(1) AS s FROM numbers(2) SETTINGS max_block_size = 1";

beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

test("a setting of one query is gone with it, on every connection", async () => {
  const read = () => clickhouse.query("SELECT getSetting('max_threads')::String AS n");
  const before = await Promise.all([read(), read(), read()]);
  const set = () =>
    clickhouse.query("SELECT getSetting('max_threads')::String AS n", {}, { max_threads: 7 });
  expect(await Promise.all([set(), set(), set()])).toEqual([
    [{ n: "7" }],
    [{ n: "7" }],
    [{ n: "7" }],
  ]);
  expect(await Promise.all([read(), read(), read()])).toEqual(before);
});

test("every connection is in our own database, with more than one thread a query allowed", async () => {
  const sql = `SELECT currentDatabase() AS d, getSetting('max_threads_min_free_memory_per_thread') AS m`;
  const rows = await Promise.all([1, 2, 3].map(() => clickhouse.query(sql)));
  expect(new Set(rows.map((r) => JSON.stringify(r)))).toEqual(
    new Set([JSON.stringify([{ d: "outlay", m: 0 }])]),
  );
});

test("bound text and lists arrive as they are: backslashes, tabs, quotes, emoji, braces", async () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "\\",
      "\\'",
      "a\tb\nc\rd",
      "'; DROP TABLE llm_calls; --",
      "{x:String}",
      "😀'\\t",
    ),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.array(text), async (one, many) => {
      const rows = await clickhouse.query(
        "SELECT {one:String} AS one, {many:Array(String)} AS many",
        {
          one,
          many,
        },
      );
      expect(rows).toEqual([{ one, many }]);
    }),
    { numRuns: 150 },
  );
});

test("a placeholder without a value is refused, even if the connection still knows one", async () => {
  await Promise.all([1, 2, 3].map((n) => clickhouse.query("SELECT {n:UInt8} AS n", { n })));
  await expect(clickhouse.query("SELECT {n:UInt8} AS n")).rejects.toThrow("no value for {n}");
});

test("bound queries run side by side, and a slow one holds up neither a read nor an insert", async () => {
  const done: string[] = [];
  const track = (name: string, work: Promise<unknown>) => work.then(() => done.push(name));
  await Promise.all([
    track(
      "slow",
      clickhouse.query(
        SLOW.replace(/ SETTINGS.*/, " WHERE {n:UInt8} = 1"),
        { n: 1 },
        { max_block_size: 1 },
      ),
    ),
    track("read", clickhouse.query("SELECT {n:UInt8} AS n", { n: 2 })),
    track("insert", clickhouse.insertLines("llm_calls", toLines([makeCallRow({ atMs })]))),
  ]);
  expect(done.at(-1)).toBe("slow");
});

test("a row reads back as it was written: text, decimals and integers past 2^53", async () => {
  const name = "tab\t newline\n back\\slash \\t 'single' \"double\" 😀 \u0001";
  const row = makeCallRow({
    atMs,
    id: "round-trip",
    name,
    cost_usd: "12345678901234567890.123456789012345",
    input_tokens: Number.MAX_SAFE_INTEGER,
    sequence: Number.MAX_SAFE_INTEGER,
    metadata: { "we'ird\\key": name },
    raw_usage: JSON.stringify({ api: "openai.responses", body: { a: "\\u0000\\" } }),
  });
  await clickhouse.insertLines("llm_calls", toLines([row]));
  const rows = await clickhouse.query(
    `SELECT name, cost_usd, input_tokens, sequence, metadata, raw_usage, version, toString(ts) AS ts
     FROM llm_calls WHERE id = {id:String}`,
    { id: "round-trip" },
  );
  expect(rows).toEqual([
    {
      name,
      cost_usd: row.cost_usd,
      input_tokens: String(row.input_tokens),
      sequence: String(row.sequence),
      metadata: row.metadata,
      raw_usage: row.raw_usage,
      version: row.version,
      ts: row.ts,
    },
  ]);
});

test("a key the table does not know refuses the insert instead of losing a fact", async () => {
  const line = `${JSON.stringify({ ...makeCallRow({ atMs, id: "unknown-key" }), surprise: 1 })}\n`;
  await expect(clickhouse.insertLines("llm_calls", line)).rejects.toMatchObject({
    name: "QueryFailedError",
  });
  expect(await clickhouse.query("SELECT id FROM llm_calls WHERE id = 'unknown-key'")).toEqual([]);
});

test("an error tells the caller no SQL, and the log the cause", async () => {
  const failure = clickhouse.query("SELECT secret_column FROM llm_calls");
  await expect(failure).rejects.toMatchObject({ code: "internal", engineCode: "47" });
  await expect(failure).rejects.not.toThrow("secret_column");
});

test("closing waits for what runs, and takes nothing new", async () => {
  const running = clickhouse.query(SLOW.replace(/ SETTINGS.*/, ""), {}, { max_block_size: 1 });
  const closed = clickhouse.close();
  await expect(clickhouse.query("SELECT 1")).rejects.toThrow("closed");
  expect(await clickhouse.ping()).toBe(false);
  expect(await running).toHaveLength(2);
  await closed;
});

test("a folder that another process uses is told in one sentence", async () => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "outlay-locked-"));
  const script = `new (require("chdb").Session)(process.argv[1]); console.log("open"); process.stdin.resume();`;
  const holder = spawn(process.execPath, ["-e", script, path.join(dataDir, "clickhouse")], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  try {
    await once(holder.stdout, "data");
    await expect(
      openClickHouse({ url: null, dataDir, log: createLog("silent") }),
    ).rejects.toMatchObject({
      code: "data_dir_locked",
      message: expect.stringContaining(`${holder.pid}`),
    });
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await rm(dataDir, { recursive: true, force: true });
  }
});
