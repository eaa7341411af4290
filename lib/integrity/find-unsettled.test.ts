import { expect, test } from "vitest";
import type { SpoolRow } from "@/db/queries/integrity-counters";
import { findUnsettled } from "@/lib/integrity/find-unsettled";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const MINUTE = 60_000;
/** Times in ms before now. */
const spool = (id: string, fresh: number, seen: number): SpoolRow => ({
  id,
  countedSequence: 1,
  movedKey: 0,
  freshTo: new Date(NOW - fresh),
  backlogEvents: 0,
  countedTo: null,
  seenAt: new Date(NOW - seen),
});
const ask = (spools: readonly SpoolRow[], changed: readonly number[], readMs = 20_000) => {
  const changesMs = changed.map((ms) => NOW - ms);
  const found = findUnsettled(spools, { readAtMs: NOW - readMs, nowMs: NOW, changesMs });
  return found && [found.spool.id, found.isGone];
};

test("every process that lives must be past the first look, clocks that differ included", () => {
  const fresh = spool("fresh", 1_000, 1_000);
  expect(ask([], [MINUTE])).toBeNull();
  expect(ask([fresh], [MINUTE])).toBeNull();
  expect(ask([fresh, spool("behind", 30_000, 1_000)], [MINUTE])).toEqual(["behind", false]);
  expect(ask([fresh, spool("nearly", 16_000, 1_000)], [MINUTE])).toEqual(["nearly", false]);
  // Fresh to later than it was seen is a clock that runs ahead: it vouches for what it was seen at.
  expect(ask([spool("ahead", -MINUTE, 30_000)], [MINUTE])).toEqual(["ahead", false]);
});

test("one that is gone counts where it may have been the last to change a bucket, and nowhere else", () => {
  const gone = spool("gone", 90 * MINUTE, 60 * MINUTE);
  expect(ask([gone], [70 * MINUTE])).toEqual(["gone", true]);
  // It may have gone on writing calls for a while after it was last seen.
  expect(ask([gone], [55 * MINUTE])).toEqual(["gone", true]);
  expect(ask([gone], [45 * MINUTE])).toBeNull();
  expect(ask([gone], [95 * MINUTE])).toBeNull();
  // Another writer's later change does not hide that of the one that is gone.
  expect(ask([gone], [1_000, 70 * MINUTE])).toEqual(["gone", true]);
});
