import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { defineQuery, scopeParams } from "@/db/clickhouse/query";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let clickhouse: ClickHouse;
beforeAll(async () => {
  store = await openTestClickHouse();
  clickhouse = store.clickhouse;
});
afterAll(() => store.close());

const SCOPE = { projectIds: ["p"], fromUs: 0, toUs: 1 };
const ask = defineQuery({
  name: "ask",
  params: scopeParams.extend({ text: z.string() }),
  row: z.object({ n: z.number() }),
  sql: ({ text }) => ({ text: `SELECT ${text} AS n`, values: {} }),
});

test("wrong values, a failed query and a malformed row are three faults, and each throws", async () => {
  expect(await ask(clickhouse, { ...SCOPE, text: "1" })).toEqual([{ n: 1 }]);
  await expect(ask(clickhouse, { ...SCOPE, fromUs: 0.5, text: "1" })).rejects.toMatchObject({
    name: "BadQueryParamsError",
  });
  await expect(ask(clickhouse, { ...SCOPE, text: "no_such_column" })).rejects.toMatchObject({
    name: "QueryFailedError",
  });
  await expect(ask(clickhouse, { ...SCOPE, text: "'one'" })).rejects.toMatchObject({
    name: "MalformedRowError",
  });
});

test("a query that takes too long says so, and what to do", async () => {
  const slow = defineQuery({
    name: "slow",
    params: scopeParams,
    row: z.unknown(),
    sql: () => ({ text: "SELECT sleepEachRow(0.5) FROM numbers(20)", values: {} }),
    settings: { max_execution_time: 1, max_block_size: 1 },
  });
  await expect(slow(clickhouse, SCOPE)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("shorter range"),
  });
});
