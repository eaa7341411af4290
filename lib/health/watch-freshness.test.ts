import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Postgres } from "@/db/postgres";
import { spools } from "@/db/schema/counters";
import { watchFreshness } from "@/lib/health/watch-freshness";
import { createLog } from "@/lib/log";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Postgres;
let nowMs: number;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse("2026-11-20T10:30:30Z");
  await postgres.db.delete(spools);
});

const OWN = { spoolId: "own", events: 2 };
function watch(options: Partial<Parameters<typeof watchFreshness>[0]> = {}) {
  return watchFreshness({
    db: postgres.db,
    log: createLog("silent"),
    own: () => ({ ...OWN, freshToMs: nowMs - 1_500 }),
    hasOthers: true,
    now: () => nowMs,
    ...options,
  });
}

async function tell(id: string, agoMs: { fresh: number; seen: number }, backlogEvents = 0) {
  const row = {
    id,
    freshTo: new Date(nowMs - agoMs.fresh),
    seenAt: new Date(nowMs - agoMs.seen),
    backlogEvents,
  };
  await postgres.db.insert(spools).values(row);
}

test("figures reach as far as the process that is furthest behind, and all that wait are counted", async () => {
  await tell("a", { fresh: 4_000, seen: 4_000 }, 4);
  await tell("b", { fresh: 9_000, seen: 1_000 }, 3);
  expect(await watch()()).toEqual({ events: 9, freshToMs: nowMs - 9_000 });
  expect(await watch({ own: () => null })()).toEqual({ events: 7, freshToMs: nowMs - 9_000 });
});

test("of its own spool a process knows more than it told last", async () => {
  await tell("own", { fresh: 30_000, seen: 5_000 }, 50);
  expect(await watch()()).toEqual({ events: 2, freshToMs: nowMs - 1_500 });
});

test("a process that is gone does not stop the clock of all, and what it holds is counted", async () => {
  await tell("gone", { fresh: 9e9, seen: 61_000 }, 3);
  expect(await watch()()).toEqual({ events: 5, freshToMs: nowMs - 1_500 });
  expect(await watch({ own: () => null })()).toBeNull();
});

test("what is not known is null, not fresh", async () => {
  const away = await openTestPostgres();
  await away.close();
  expect(await watch({ db: away.db })()).toBeNull();
});

test("with an embedded store nobody is asked", async () => {
  await tell("copied", { fresh: 8_000, seen: 0 }, 1);
  const freshness = watch({ hasOthers: false });
  expect(await freshness()).toMatchObject({ events: 2, freshToMs: nowMs - 1_500 });
});
