import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { callSchema } from "@/lib/calls/call-schemas";
import { listCalls } from "@/lib/calls/list-calls";
import { CALL_COLUMNS } from "@/lib/export/call-columns";
import { exportQuerySchema } from "@/lib/export/export-schemas";
import { writeCallsCsv } from "@/lib/export/write-calls-csv";
import { parseQuery, readQuery } from "@/lib/request-input";
import { parseCsv, unguard } from "@/lib/testing/parse-csv";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const NOW = Date.parse("2026-11-22T00:00:00Z");
const NOON = Date.parse("2026-11-10T12:00:00Z");

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

async function insert(slug: string, calls: readonly CallRowOptions[]): Promise<void> {
  const rows = calls.map((call) => makeCallRow({ ...call, project_id: `id-${slug}` }));
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
}

function contextOf(slug: string, sealedBefore: Date | null = null) {
  return {
    clickhouse: store.clickhouse,
    projects: [{ id: `id-${slug}`, slug, sealedBefore }],
    cursorSecret: "a secret",
    momentUs: NOW * 1000,
    nowMs: NOW,
  };
}

function questionOf(query: string) {
  const url = new URL(`http://x/?format=csv&of=calls&${query}`);
  const read = parseQuery(exportQuerySchema, readQuery(url));
  if (read.of !== "calls") throw new Error("not of calls");
  return read.question;
}

async function exportOf(slug: string, query: string, pageCalls?: number) {
  let text = "";
  const lines = writeCallsCsv(contextOf(slug), questionOf(query), pageCalls);
  for await (const line of lines) text += line;
  return parseCsv(text);
}

test("a file has every call of the list, once, newest first, for any page and filter", async () => {
  const calls = fc.sample(
    fc.record({
      atMs: fc.integer({ min: NOON, max: NOON + 3 * 3_600_000 }),
      feature: fc.constantFrom("", "a", "=b"),
      cost_usd: fc.option(fc.constantFrom("0", "0.000000000000001", "12.5")),
      ingestedAtUs: fc.constant((NOON + 10 * 3_600_000) * 1000),
    }),
    { numRuns: 120, seed: 5 },
  );
  // Some at the very same instant: their order must hold from page to page too.
  const sent = [...calls, ...calls.slice(0, 30)].map((call, n) => ({ ...call, id: `c${n}` }));
  await insert("list", sent);
  for (const query of ["", "filter.feature=&filter.feature=%3Db", "filter.feature=none"]) {
    const asked = { ...questionOf(query), limit: 1000 };
    const { calls: listed } = await listCalls(contextOf("list"), asked);
    for (const pageCalls of [7, 50, 1000]) {
      const { rows } = await exportOf("list", query, pageCalls);
      expect(rows.map((row) => [row.id, row.timestamp, row.cost_usd, row.feature])).toEqual(
        listed.map(({ id, timestamp, cost_usd, feature }) => [
          id,
          timestamp,
          cost_usd ?? "",
          feature === "=b" ? "'=b" : (feature ?? ""),
        ]),
      );
    }
  }
});

test("each field of the list is a column, and a call says all that it knows", async () => {
  await insert("whole", [
    {
      id: "-id",
      atMs: NOON,
      usage: '{"input_tokens":100,"output_tokens":10,"gpu_seconds":"0.5","units":{"images":2}}',
      metadata: { team: "=x", b: 'say "y"' },
      prefix_hashes: ["p1", "p2"],
      missing_tags: ["user"],
      cache_layer: "exact",
      cache_hit: false,
      routing_strategy: "cheap",
      attempt: 2,
      duration_ms: 1e-7,
    },
  ]);
  const { names, rows } = await exportOf("whole", "");
  const columns = names.map((name) =>
    name.replace(/^(cache|routing)_(layer|hit|strategy|tier|baseline_model)$/, "$1"),
  );
  for (const field of Object.keys(callSchema.shape).filter((name) => name !== "usage")) {
    expect(columns).toContain(field);
  }
  expect(new Set(names).size).toBe(CALL_COLUMNS.length);
  const [row = {}] = rows;
  expect(row).toMatchObject({
    id: "'-id",
    project: "whole",
    timestamp: "2026-11-10T12:00:00Z",
    input_tokens: "100",
    reasoning_tokens: "",
    gpu_seconds: "0.5",
    cost_usd: "0.001",
    counted: "true",
    attempt: "2",
    duration_ms: "0.0000001",
    cache_layer: "exact",
    cache_hit: "false",
    routing_strategy: "cheap",
    routing_tier: "",
  });
  const json = (name: string) => JSON.parse(unguard(row[name] ?? ""));
  expect(json("units")).toEqual({ images: 2 });
  expect(json("metadata")).toEqual({ team: "=x", b: 'say "y"' });
  expect([json("prefix_hashes"), json("missing_tags")]).toEqual([["p1", "p2"], ["user"]]);
});

test("calls that arrive while a file is written are not in it, and move none out of it", async () => {
  const arrivedUs = (NOW - 60_000) * 1000;
  await insert(
    "live",
    Array.from({ length: 25 }, (_, n) => ({
      id: `l${n}`,
      atMs: NOON + n,
      ingestedAtUs: arrivedUs,
    })),
  );
  const ids: string[] = [];
  for await (const line of writeCallsCsv(contextOf("live"), questionOf(""), 5)) {
    ids.push(line.split(",")[0] ?? "");
    await insert("live", [{ id: `late${ids.length}`, atMs: NOON, ingestedAtUs: NOW * 1000 + 1 }]);
  }
  expect(ids.slice(1)).toEqual(Array.from({ length: 25 }, (_, n) => `l${24 - n}`));
});

test("a range of which calls expired is refused, saying from when on: a part would look like all", async () => {
  const context = contextOf("old", new Date("2026-11-01T00:00:00Z"));
  const ask = (query: string) => writeCallsCsv(context, questionOf(query)).next();
  await expect(ask("from=2026-10-31T23:00:00Z")).rejects.toMatchObject({
    code: "bad_request",
    errors: [{ path: "from", message: expect.stringContaining("2026-11-01T00:00:00+00:00") }],
  });
  expect((await ask("from=2026-11-01T00:00:00Z")).value).toContain("id,project,timestamp");
});
