import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chooseInterval,
  describeRange,
  formatEdge,
  listIntervals,
  RANGE_PRESETS,
  resolveRange,
  shorterPreset,
} from "@/lib/time-range";

const NOW = Date.parse("2026-11-22T01:30:00Z");
const preset = (range: (typeof RANGE_PRESETS)[number]["id"]) => ({ range, from: null, to: null });
const resolve = (range: (typeof RANGE_PRESETS)[number]["id"], zone: string) => {
  const { fromMs, toMs } = resolveRange(preset(range), NOW, zone);
  return [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};

test("today is the zone's today, not UTC's", () => {
  expect(resolve("today", "America/New_York")).toEqual([
    "2026-11-21T05:00:00.000Z",
    "2026-11-22T05:00:00.000Z",
  ]);
  expect(resolve("today", "UTC")).toEqual(["2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"]);
});

test("a preset keeps calendar edges over a clock change", () => {
  expect(resolve("30d", "America/New_York")).toEqual([
    "2026-10-23T04:00:00.000Z",
    "2026-11-22T05:00:00.000Z",
  ]);
});

test("months and years end where the calendar says", () => {
  expect(resolve("last-month", "UTC")).toEqual([
    "2026-10-01T00:00:00.000Z",
    "2026-11-01T00:00:00.000Z",
  ]);
  expect(resolve("month", "UTC")[0]).toBe("2026-11-01T00:00:00.000Z");
  expect(resolve("year", "UTC")[0]).toBe("2026-01-01T00:00:00.000Z");
  const january = Date.parse("2026-01-15T00:00:00Z");
  expect(resolveRange(preset("last-month"), january, "UTC").fromMs).toBe(
    Date.parse("2025-12-01T00:00:00Z"),
  );
});

test("a custom range of dates includes its last day, one of times ends at its time", () => {
  const days = resolveRange(
    { range: "custom", from: "2026-11-01", to: "2026-11-02" },
    NOW,
    "Asia/Kathmandu",
  );
  expect(days).toEqual({
    fromMs: Date.parse("2026-10-31T18:15:00Z"),
    toMs: Date.parse("2026-11-02T18:15:00Z"),
  });
  const times = { range: "custom", from: "2026-11-01T10:00", to: "2026-11-01T11:00" } as const;
  expect(resolveRange(times, NOW, "UTC")).toEqual({
    fromMs: Date.parse("2026-11-01T10:00:00Z"),
    toMs: Date.parse("2026-11-01T11:00:00Z"),
  });
});

test.each([
  ["2026-02-31", "2026-03-01"],
  ["2026-11-02", "2026-11-01"],
  ["yesterday", "2026-11-01"],
  [null, null],
])("a custom range that makes no sense (%s to %s) is the default one", (from, to) => {
  expect(resolveRange({ range: "custom", from, to }, NOW, "UTC")).toEqual(
    resolveRange(preset("30d"), NOW, "UTC"),
  );
});

test("bins follow the length of the range and stay countable", () => {
  const rangeOf = (days: number) => ({ fromMs: NOW, toMs: NOW + days * 86_400_000 });
  expect([1, 2, 3, 40, 41, 364, 400].map((days) => chooseInterval(rangeOf(days)))).toEqual([
    "hour",
    "hour",
    "day",
    "day",
    "week",
    "week",
    "month",
  ]);
  expect(listIntervals(rangeOf(30))).toEqual(["day", "week", "month"]);
  expect(listIntervals(rangeOf(7))).toContain("hour");
});

test("a slow range always has a shorter one to offer, until a day", () => {
  const lengths = [365, 30, 7, 1].map((days) => ({ fromMs: 0, toMs: days * 86_400_000 }));
  expect(lengths.map(shorterPreset)).toEqual(["30d", "7d", "today", null]);
});

test("each letter opens one range", () => {
  const letters = RANGE_PRESETS.map((entry) => entry.letter);
  expect(new Set(letters).size).toBe(letters.length);
  expect(letters).not.toContain("c");
});

test("a range reads as dates, with the clock only where it matters", () => {
  const days = resolveRange(preset("30d"), NOW, "UTC");
  expect(describeRange(days, "UTC")).toBe("Oct 24 – Nov 22, 2026");
  const hours = { fromMs: NOW, toMs: NOW + 3_600_000 };
  expect(describeRange(hours, "UTC")).toMatch(/01:30 . 02:30/);
});

test("every preset holds whole local days in every zone, and an edge written is an edge read", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...RANGE_PRESETS),
      fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2027-01-01") }),
      (zone, { id }, nowMs) => {
        const range = resolveRange(preset(id), nowMs, zone);
        expect(range.fromMs).toBeLessThan(range.toMs);
        if (id === "today") {
          expect(range.fromMs).toBeLessThanOrEqual(nowMs);
          expect(range.toMs).toBeGreaterThan(nowMs);
        }
        const from = formatEdge(range.fromMs, zone);
        const to = formatEdge(range.toMs, zone);
        expect(resolveRange({ range: "custom", from, to }, nowMs, zone)).toEqual(range);
      },
    ),
  );
});
