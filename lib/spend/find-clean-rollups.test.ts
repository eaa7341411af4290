import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { BUCKET_GRAIN, GRAINS, type Grain, startOf } from "@/db/clickhouse/cubes";
import { deleteProjectRollups } from "@/db/clickhouse/queries/delete-rollups";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { listCleanRollups } from "@/db/clickhouse/queries/list-clean-rollups";
import { flipGenerations } from "@/db/clickhouse/queries/rebuild-rollups";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { findCleanRollups } from "@/lib/spend/find-clean-rollups";

const START = Date.parse("2026-03-10T00:00:00Z") / 1000;
/** With a block of 16 days in it, and blocks that reach over its ends. */
const BUCKETS = 24 * 96;

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let number = 0;
beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

const change = (projectId: string, bucket: number, writer: string) => {
  number += 1;
  const touched = [{ projectId, bucket: START + bucket * BUCKET_GRAIN }];
  return insertBucketChanges(store.clickhouse, touched, { writer, number });
};
/** Covers what the store knows of changes at that moment, or less. */
const flip = (projectId: string, grain: Grain, start: number, covers: string, newestUs: number) => {
  number += 1;
  const asked = { projectId, grain, starts: [start], first: BigInt(number) };
  return flipGenerations(store.clickhouse, {
    ...asked,
    covers: [covers],
    newestUs: [String(newestUs)],
  });
};

/** What either tells, in one form: a project and grain without a clean rollup may be there or not. */
function told(rollups: Awaited<ReturnType<typeof findCleanRollups>>) {
  return rollups
    .filter(({ starts }) => starts.length > 0)
    .map(({ project_id, grain, starts, generations, seals }) => ({
      key: `${project_id} ${grain}`,
      rollups: starts.map((start, i) => `${start} ${generations[i]} ${seals[i]}`),
    }))
    .sort((one, two) => one.key.localeCompare(two.key));
}

async function expectSame(scope: Parameters<typeof findCleanRollups>[1]): Promise<void> {
  const asked = await listCleanRollups(store.clickhouse, scope);
  expect(told(await findCleanRollups(store.clickhouse, scope))).toEqual(told(asked));
}

const projects = ["m-a", "m-b"] as const;
const bucket = fc.oneof(
  fc.constantFrom(0, 1, 96, 6 * 96, 7 * 96 + 5, 21 * 96),
  fc.integer({ min: 0, max: BUCKETS - 1 }),
);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("change" as const),
    project: fc.constantFrom(...projects),
    bucket,
  }),
  fc.record({
    kind: fc.constant("flip" as const),
    project: fc.constantFrom(...projects),
    bucket,
    grain: fc.constantFrom(...GRAINS),
    isCovering: fc.boolean(),
    newest: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    kind: fc.constant("ask" as const),
    from: bucket,
    length: fc.integer({ min: 1, max: BUCKETS }),
    projects: fc.subarray([...projects], { minLength: 1 }),
    asOf: fc.option(fc.integer({ min: 0, max: 10 })),
  }),
);

test("what is clean is told as the store tells it, whatever is written between two questions", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      for (const one of steps) {
        if (one.kind === "change") await change(one.project, one.bucket, "7");
        else if (one.kind === "flip") await flipOne(one);
        else {
          const fromUs = (START + one.from * BUCKET_GRAIN) * 1e6;
          const toUs = fromUs + one.length * BUCKET_GRAIN * 1e6;
          await expectSame({ projectIds: one.projects, fromUs, toUs, asOfUs: one.asOf });
        }
      }
      await expectSame(all(null));
    }),
    { numRuns: 15 },
  );
});

async function flipOne(one: {
  project: string;
  bucket: number;
  grain: Grain;
  isCovering: boolean;
  newest: number;
}): Promise<void> {
  const { grain } = one;
  const start = startOf(grain, START + one.bucket * BUCKET_GRAIN);
  const [row] = (await store.clickhouse.query(
    `SELECT toString(sum(last)) AS latest FROM (
       SELECT max(change) AS last FROM bucket_changes WHERE project_id = {project:String}
         AND bucket >= toDateTime({start:UInt32}, 'UTC') AND bucket < toDateTime({end:UInt32}, 'UTC')
       GROUP BY bucket, writer)`,
    { project: one.project, start, end: start + grain },
  )) as { latest: string }[];
  const covers = one.isCovering ? (row?.latest ?? "0") : "1";
  await flip(one.project, grain, start, covers, one.newest);
}

const all = (asOfUs: number | null) => ({
  projectIds: [...projects],
  fromUs: START * 1e6,
  toUs: (START + BUCKETS * BUCKET_GRAIN) * 1e6,
  asOfUs,
});

test("what is written while the store answers is told by the next question", async () => {
  await change("m-race", 0, "7");
  await flip("m-race", BUCKET_GRAIN, START, String(number), 1);
  const scope = { ...all(null), projectIds: ["m-race"] };
  const racing: ClickHouse = {
    ...store.clickhouse,
    async query(...asked) {
      const rows = await store.clickhouse.query(...asked);
      await change("m-race", 0, "7");
      return rows;
    },
  };
  const before = await findCleanRollups(racing, scope);
  expect(before.flatMap(({ starts }) => starts)).toEqual([START]);
  const after = await findCleanRollups(store.clickhouse, scope);
  expect(after.flatMap(({ starts }) => starts)).toEqual([]);
});

test("a project whose rollups were deleted has none, though they were asked for before", async () => {
  await change("m-gone", 5, "7");
  await flip("m-gone", BUCKET_GRAIN, START + 5 * BUCKET_GRAIN, String(number), 1);
  const scope = { ...all(null), projectIds: ["m-gone"] };
  expect(
    (await findCleanRollups(store.clickhouse, scope)).flatMap((one) => one.starts),
  ).toHaveLength(1);
  await deleteProjectRollups(store.clickhouse, "m-gone");
  expect((await findCleanRollups(store.clickhouse, scope)).flatMap((one) => one.starts)).toEqual(
    [],
  );
});

test("a range of centuries is answered as well", async () => {
  await change("m-long", 5, "7");
  await flip("m-long", BUCKET_GRAIN, START + 5 * BUCKET_GRAIN, String(number), 1);
  await expectSame({
    projectIds: ["m-long"],
    fromUs: 0,
    toUs: Date.UTC(2100, 0, 1) * 1000,
    asOfUs: null,
  });
});
