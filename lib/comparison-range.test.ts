import fc from "fast-check";
import { expect, test } from "vitest";
import { listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { COMPARISON_IDS, type ComparisonId, resolveComparison } from "@/lib/comparison-range";
import { RANGE_PRESETS, resolveRange } from "@/lib/time-range";
import { addDays, formatLocalDate, startOfDay, toLocalTime, weekdayOf } from "@/lib/zone-time";

const NOW = Date.parse("2026-11-22T08:30:00Z");
const days = (from: string, to: string) => resolveRange({ range: "custom", from, to }, NOW, "UTC");
const compare = (
  range: { fromMs: number; toMs: number },
  kind: ComparisonId,
  { nowMs = NOW, zone = "UTC", mustMatchWeekday = false } = {},
) => {
  const found = resolveComparison(range, { kind, mustMatchWeekday }, nowMs, zone);
  return found && [found.range.fromMs, found.range.toMs].map((ms) => new Date(ms).toISOString());
};
const month = resolveRange({ range: "month", from: null, to: null }, NOW, "UTC");

test("a month to date is held against as many days before, and against the same days, so far", () => {
  expect(compare(month, "previous")).toEqual([
    "2026-10-10T00:00:00.000Z",
    "2026-10-31T08:30:00.000Z",
  ]);
  expect(compare(month, "last-month")).toEqual([
    "2026-10-01T00:00:00.000Z",
    "2026-10-22T08:30:00.000Z",
  ]);
  expect(compare(month, "last-year")).toEqual([
    "2025-11-01T00:00:00.000Z",
    "2025-11-22T08:30:00.000Z",
  ]);
});

test("what is over is compared whole, and what has not begun not at all", () => {
  expect(compare(days("2026-11-01", "2026-11-10"), "previous")).toEqual([
    "2026-10-22T00:00:00.000Z",
    "2026-11-01T00:00:00.000Z",
  ]);
  expect(compare(days("2026-12-01", "2026-12-10"), "previous")).toBeNull();
});

test("dates that a shorter month lacks stand at its end, and none is counted twice", () => {
  const march = days("2026-03-01", "2026-03-31");
  expect(compare(march, "last-month")).toEqual([
    "2026-02-01T00:00:00.000Z",
    "2026-03-01T00:00:00.000Z",
  ]);
  expect(compare(march, "last-month", { nowMs: Date.parse("2026-03-30T08:00:00Z") })?.[1]).toBe(
    "2026-03-01T00:00:00.000Z",
  );
  expect(compare(days("2026-02-01", "2026-02-28"), "last-month")).toEqual([
    "2026-01-01T00:00:00.000Z",
    "2026-01-29T00:00:00.000Z",
  ]);
  const later = { nowMs: Date.parse("2028-04-01T00:00:00Z") };
  expect(compare(days("2028-02-01", "2028-02-29"), "last-year", later)?.[1]).toBe(
    "2027-03-01T00:00:00.000Z",
  );
  expect(compare(days("2028-02-29", "2028-02-29"), "last-year", later)).toBeNull();
});

test("a comparison over a clock change keeps the clock: 08:30 is held against 08:30", () => {
  const zone = "Europe/Berlin";
  const nowMs = Date.parse("2026-03-29T06:30:00Z"); // 08:30 on the day of 23 hours
  const today = resolveRange({ range: "today", from: null, to: null }, nowMs, zone);
  expect(compare(today, "previous", { nowMs, zone })).toEqual([
    "2026-03-27T23:00:00.000Z",
    "2026-03-28T07:30:00.000Z",
  ]);
});

test("hours are held against the hours before them, or the same hours a week before", () => {
  const hour = { fromMs: NOW - 7_200_000, toMs: NOW - 3_600_000 };
  expect(compare(hour, "previous")).toEqual([
    "2026-11-22T05:30:00.000Z",
    "2026-11-22T06:30:00.000Z",
  ]);
  expect(compare(hour, "previous", { mustMatchWeekday: true })?.[0]).toBe(
    "2026-11-15T06:30:00.000Z",
  );
});

test("matched weekdays move a month by four weeks and a year by 52", () => {
  const match = { mustMatchWeekday: true };
  expect(compare(month, "last-month", match)?.[0]).toBe("2026-10-04T00:00:00.000Z");
  expect(compare(month, "last-year", match)?.[0]).toBe("2025-11-02T00:00:00.000Z");
  expect(compare(month, "previous", match)?.[0]).toBe("2026-10-04T00:00:00.000Z");
});

const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
const anyNow = fc.integer({ min: Date.parse("2024-01-02"), max: Date.parse("2027-01-01") });
const anyRange = fc.record({
  first: fc.integer({ min: 0, max: 60 }),
  length: fc.integer({ min: 1, max: 70 }),
});

test("in every zone: whole days stay whole days, and the previous ones are as many and never overlap", () => {
  fc.assert(
    fc.property(zones, anyNow, anyRange, fc.boolean(), (zone, nowMs, { first, length }, match) => {
      const today = toLocalTime(nowMs, zone);
      const from = addDays(today, -first - length);
      const to = addDays(from, length);
      const range = { fromMs: startOfDay(from, zone), toMs: startOfDay(to, zone) };
      const options = { kind: "previous" as const, mustMatchWeekday: match };
      const found = resolveComparison(range, options, nowMs, zone);
      if (found === null) throw new Error("a range that is over can be compared");
      const { fromMs, toMs } = found.range;
      expect(toMs).toBeLessThanOrEqual(range.fromMs);
      const then = toLocalTime(fromMs, zone);
      expect(startOfDay(then, zone)).toBe(fromMs);
      expect(formatLocalDate(addDays(then, length))).toBe(formatLocalDate(toLocalTime(toMs, zone)));
      if (match) expect(weekdayOf(then)).toBe(weekdayOf(from));
      else expect(toMs).toBe(range.fromMs);
    }),
  );
});

test("in every zone: so far ends at the same clock time, and the buckets' earlier edges meet", () => {
  const kinds = fc.constantFrom(...COMPARISON_IDS);
  const presets = fc.constantFrom(...RANGE_PRESETS);
  fc.assert(
    fc.property(zones, anyNow, presets, kinds, fc.boolean(), (zone, nowMs, { id }, kind, match) => {
      const range = resolveRange({ range: id, from: null, to: null }, nowMs, zone);
      const found = resolveComparison(range, { kind, mustMatchWeekday: match }, nowMs, zone);
      if (found === null) return;
      const { fromMs, toMs } = found.range;
      expect(fromMs).toBeLessThan(toMs);
      expect(fromMs).toBeLessThan(range.fromMs);
      expect(found.isSoFar).toBe(nowMs < range.toMs);
      const edges = [...listBucketStarts(range, "day", zone, 400), range.toMs].map(found.toThen);
      expect(edges[0]).toBe(fromMs);
      expect(edges.at(-1)).toBe(toMs);
      expect(edges).toEqual([...edges].sort((one, two) => one - two));
    }),
    { numRuns: 300 },
  );
});
