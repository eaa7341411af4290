import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { tryJobLock, withJobLock } from "@/db/queries/job-lock";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let store: Awaited<ReturnType<typeof openTestPostgres>>;
let postgres: Pick<Postgres, "kind" | "db">;
beforeAll(async () => {
  store = await openTestPostgres();
  postgres = { kind: "embedded", db: store.db };
});
afterAll(() => store.close());

test("work under one lock never overlaps, and a failure frees it", async () => {
  let running = 0;
  let most = 0;
  const work = async (fails: boolean) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    if (fails) throw new Error("on purpose");
  };
  const ends = await Promise.allSettled(
    [false, true, false, true, false].map((fails) =>
      withJobLock(postgres, "corrections", () => work(fails)),
    ),
  );
  expect(most).toBe(1);
  expect(ends.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(await tryJobLock(postgres, "corrections", async () => "mine")).toBe("mine");
});

test("who only tries is told that somebody is at it, and other jobs go on", async () => {
  await withJobLock(postgres, "rollups", async () => {
    expect(await tryJobLock(postgres, "rollups", async () => "mine")).toBeNull();
    expect(await tryJobLock(postgres, "integrity", async () => "mine")).toBe("mine");
  });
  expect(await tryJobLock(postgres, "rollups", async () => "mine")).toBe("mine");
});
