import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { exportQuerySchema } from "@/lib/export/export-schemas";
import { writeCallsCsv } from "@/lib/export/write-calls-csv";
import { writeSpendCsv } from "@/lib/export/write-spend-csv";
import { parseQuery, readQuery } from "@/lib/request-input";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const START = Date.parse("2026-11-10T00:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const CALLS = 100_000;
/** A page of either is some MB on the heap; all rows together are past 50. */
const MOST_GROWTH_BYTES = 12e6;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

beforeAll(async () => {
  store = await openTestClickHouse();
  for (let at = 0; at < CALLS; at += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, n) =>
      makeCallRow({
        id: `call-${at + n}`,
        atMs: START + (at + n) * 5_000,
        user: `user-${at + n}`,
        cost_usd: "0.000000000000001",
        ingestedAtUs: START * 1000,
      }),
    );
    await store.clickhouse.insertLines("llm_calls", toLines(rows));
  }
});
afterAll(() => store.close());

const contextOf = () => ({
  clickhouse: store.clickhouse,
  projects: [{ id: "project-a", slug: "a" }],
  freshness: null,
  momentUs: NOW * 1000,
  nowMs: NOW,
  organisationTimeZone: "UTC",
  cursorSecret: "a secret",
});

const questionOf = (query: string) =>
  parseQuery(exportQuerySchema, readQuery(new URL(`http://x/?format=csv&${query}`)));

/** Reads lines and keeps none. @returns how many there were, and how much the heap grew after the first tenth of them */
async function readThrough(lines: AsyncGenerator<string, void, void>) {
  let count = 0;
  let startBytes = 0;
  let growthBytes = 0;
  for await (const _ of lines) {
    count += 1;
    if (count % (CALLS / 10) !== 0) continue;
    collectGarbage();
    const { heapUsed } = process.memoryUsage();
    if (startBytes === 0) startBytes = heapUsed;
    growthBytes = Math.max(growthBytes, heapUsed - startBytes);
  }
  return { count, growthBytes };
}

test(`${CALLS} groups are exported page by page, and no page is kept`, async () => {
  const asked = questionOf("group_by=user");
  if (asked.of !== "spend") throw new Error("not of spend");
  const { count, growthBytes } = await readThrough(writeSpendCsv(contextOf(), asked.question));
  expect(count).toBe(CALLS + 1);
  expect(growthBytes).toBeLessThan(MOST_GROWTH_BYTES);
});

test(`${CALLS} calls are exported page by page, and no page is kept`, async () => {
  const asked = questionOf("of=calls");
  if (asked.of !== "calls") throw new Error("not of calls");
  const { count, growthBytes } = await readThrough(writeCallsCsv(contextOf(), asked.question));
  expect(count).toBe(CALLS + 1);
  expect(growthBytes).toBeLessThan(MOST_GROWTH_BYTES);
});
