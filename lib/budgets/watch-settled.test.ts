import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { spools } from "@/db/schema/counters";
import { watchSettled } from "@/lib/budgets/watch-settled";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

const START = Date.parse("2026-11-20T10:30:30Z");
const MINUTES = 60_000;
let postgres: Postgres;
let nowMs: number;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = START;
  await postgres.db.delete(spools);
});

const watch = (db = postgres.db, hasOthers = true) =>
  watchSettled({
    db,
    log: createLog("silent"),
    own: () => ({ spoolId: "own", events: 0, freshToMs: nowMs }),
    hasOthers,
    now: () => nowMs,
  });

async function tell(behindMs: number) {
  const toldAt = new Date(nowMs - behindMs);
  const row = { freshTo: toldAt, seenAt: toldAt, backlogEvents: 2 };
  const set = { target: spools.id, set: row };
  await postgres.db
    .insert(spools)
    .values({ id: "other", ...row })
    .onConflictDoUpdate(set);
}

test("a process whose clock is minutes behind lives while its row moves, and is waited for", async () => {
  const settled = watch();
  for (let round = 0; round < 4; round++) {
    await tell(5 * MINUTES);
    expect(await settled()).toEqual({ events: 2, freshToMs: nowMs - 5 * MINUTES });
    nowMs += 50_000;
  }
});

test("one that says nothing for a minute is not waited for, whatever its clock; nor is one of long ago", async () => {
  const settled = watch();
  await tell(-5 * MINUTES);
  await settled();
  nowMs += 2 * MINUTES;
  expect(await settled()).toEqual({ events: 0, freshToMs: nowMs });
  await tell(20 * MINUTES);
  expect(await watch()()).toEqual({ events: 0, freshToMs: nowMs });
});

test("what is not known is null; alone nobody is asked", async () => {
  const away = await openTestPostgres();
  await away.close();
  expect(await watch(away.db)()).toBeNull();
  expect(await watch(away.db, false)()).toEqual({ events: 0, freshToMs: nowMs });
});
