import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import { findCorrection, finishCorrection, insertCorrection } from "@/db/queries/corrections";
import { ALL_TIME } from "@/lib/corrections/correction-row";
import { startCorrections } from "@/lib/corrections/start-corrections";
import { makeProject, openTestRuntime, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await openTestRuntime();
});
afterAll(() => runtime.close());

/** Longer than a correction that failed once waits for its next try. */
const PAST_THE_RETRY_MS = 1_500;

/** The job on stores of which one or both are away; it tells how often it asked PostgreSQL. */
function startJob(clickhouse: ClickHouse, isPostgresAway: () => boolean) {
  const asked = { times: 0 };
  const db = new Proxy(runtime.postgres.db, {
    get(target, name, receiver) {
      if (name !== "select") return Reflect.get(target, name, receiver);
      asked.times += 1;
      if (isPostgresAway()) throw new Error("out of reach");
      return target.select.bind(target);
    },
  });
  const postgres = { kind: runtime.postgres.kind, db };
  return { asked, job: startCorrections({ ...runtime, clickhouse, postgres, pollMs: 60_000 }) };
}

async function insertReprice(db: Db) {
  const project = await makeProject(db);
  return insertCorrection(db, {
    kind: "reprice",
    projectIds: [project.id],
    ...ALL_TIME,
    reason: "a new price",
    authorType: "system",
    authorId: "test",
    authorName: "test",
  });
}

async function waitPastTheRetry(): Promise<void> {
  const untilMs = Date.now() + PAST_THE_RETRY_MS;
  await expect.poll(() => Date.now()).toBeGreaterThan(untilMs);
}

test("a correction that failed here and was finished elsewhere is not looked for again and again", async () => {
  const { db } = runtime.postgres;
  const row = await insertReprice(db);
  let failures = 0;
  const clickhouse = {
    ...runtime.clickhouse,
    query: async () => {
      failures += 1;
      // Another process comes first.
      await finishCorrection(db, row.id);
      throw new Error("out of reach");
    },
  };
  const { asked, job } = startJob(clickhouse, () => false);
  await expect.poll(() => failures).toBe(1);
  expect((await findCorrection(db, row.id))?.finishedAt).not.toBeNull();
  await waitPastTheRetry();
  expect(asked.times).toBeLessThan(20);
  await job.close();
});

test("a store that is away is asked with growing pauses, also while a correction waits for its next try", async () => {
  const row = await insertReprice(runtime.postgres.db);
  let isAway = false;
  const clickhouse = {
    ...runtime.clickhouse,
    query: async () => {
      isAway = true;
      throw new Error("out of reach");
    },
  };
  const { asked, job } = startJob(clickhouse, () => isAway);
  await expect.poll(() => isAway).toBe(true);
  await waitPastTheRetry();
  expect(asked.times).toBeLessThan(20);
  await job.close();
  await finishCorrection(runtime.postgres.db, row.id);
});
