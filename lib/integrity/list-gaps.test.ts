import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { listGaps } from "@/lib/integrity/list-gaps";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const DAY = Date.parse("2026-11-10T00:00:00Z");
const scope = (project: string) => ({
  projectIds: [project],
  fromUs: DAY * 1000,
  toUs: (DAY + 86_400_000) * 1000,
});
const write = (project: string, source: string, numbers: readonly number[], given = {}) =>
  store.clickhouse.insertLines(
    "llm_calls",
    toLines(
      numbers.map((sequence) =>
        makeCallRow({
          id: `${source}-${sequence}`,
          atMs: DAY + (sequence % 80_000) * 1000,
          project_id: project,
          source,
          sequence,
          ...given,
        }),
      ),
    ),
  );

test("only what never arrived is missing: not what came twice, late, or was voided", async () => {
  await write("p", "worker-1", [5, 6, 8, 12]);
  await write("p", "worker-1", [12, 8, 6, 5]);
  await write("p", "worker-1", [6], { revision: 1, counted: false });
  await write("p", "complete", [1, 2, 3]);
  await write("p", "", [1, 9]);
  await write("other", "worker-1", [7]);
  const found = await listGaps(store.clickhouse, scope("p"));
  expect(found).toMatchObject({ sources: 2, isCut: false });
  expect(found.gaps).toEqual([
    {
      projectId: "p",
      source: "worker-1",
      first: 5,
      last: 12,
      received: 4,
      missing: 4,
      missingRanges: [
        [7, 7],
        [9, 11],
      ],
      firstUs: (DAY + 5_000) * 1000,
      lastUs: (DAY + 12_000) * 1000,
    },
  ]);
  await write("p", "worker-1", [7, 9, 10, 11]);
  expect((await listGaps(store.clickhouse, scope("p"))).gaps).toEqual([]);
});

test("the largest number an event may carry keeps its digits", async () => {
  const most = Number.MAX_SAFE_INTEGER;
  await write("big", "w", [most - 2, most]);
  const { gaps } = await listGaps(store.clickhouse, scope("big"));
  expect(gaps).toMatchObject([{ last: most, missing: 1, missingRanges: [[most - 1, most - 1]] }]);
});

test("a range longer than 31 days is cut, and says so", async () => {
  const year = { ...scope("p"), fromUs: (DAY - 300 * 86_400_000) * 1000 };
  const { isCut, fromUs } = await listGaps(store.clickhouse, year);
  expect(isCut).toBe(true);
  expect(year.toUs - fromUs).toBe(31 * 86_400 * 1e6);
});
