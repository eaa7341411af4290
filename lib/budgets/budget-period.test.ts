import fc from "fast-check";
import { expect, test } from "vitest";
import {
  calendarPeriodOf,
  type PeriodRule,
  periodName,
  periodOf,
} from "@/lib/budgets/budget-period";
import { propertyRuns } from "@/lib/testing/property-runs";

const ZONES = Intl.supportedValuesOf("timeZone");
const STEP_MS = 900_000;
const DAY_MS = 86_400_000;
const rule = (given: Partial<PeriodRule>): PeriodRule => {
  return { window: "day", timeZone: "UTC", weekStart: 1, monthDay: 1, ...given };
};
const period = (given: Partial<PeriodRule>, at: string) => {
  const found = calendarPeriodOf(rule(given), Date.parse(at));
  return found && [periodName(found.startMs), periodName(found.endMs)];
};

/** The date on the wall, as days since 1970, by Intl alone. */
function wallDay(ms: number, zone: Intl.DateTimeFormat): number {
  const [year = 0, month = 1, day = 1] = zone.format(ms).split("-").map(Number);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Two instants are in one period where this is the same: no arithmetic on instants, offsets or clocks. */
function periodKey({ window, weekStart, monthDay }: PeriodRule, wall: number): string {
  const date = new Date(wall * DAY_MS);
  if (window === "day") return String(wall);
  if (window === "week") {
    let first = wall;
    while ((new Date(first * DAY_MS).getUTCDay() || 7) !== weekStart) first -= 1;
    return `week ${first}`;
  }
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const hasBegun = date.getUTCDate() >= Math.min(monthDay, lastDay);
  return `month ${year * 12 + month - (hasBegun ? 0 : 1)}`;
}

/** Looks at every quarter of an hour around an instant. */
function bruteForce(given: PeriodRule, atMs: number) {
  const wall = new Intl.DateTimeFormat("en-CA", { timeZone: given.timeZone });
  const keyAt = (ms: number) => periodKey(given, wallDay(ms, wall));
  const own = keyAt(atMs);
  let startMs = Math.floor(atMs / STEP_MS) * STEP_MS;
  while (keyAt(startMs - STEP_MS) === own) startMs -= STEP_MS;
  let endMs = startMs;
  while (keyAt(endMs) === own) endMs += STEP_MS;
  return { startMs, endMs };
}

test("in every zone a day, week or month is what the calendar on its wall says, quarter of an hour by quarter", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("day" as const, "week" as const, "month" as const),
      fc.oneof(
        fc.constantFrom(...ZONES),
        // Offsets of 45 minutes, a clock change of 30, midnights that do not exist, and dates that never were.
        fc.constantFrom(
          "Asia/Kathmandu",
          "Pacific/Chatham",
          "Australia/Lord_Howe",
          "Africa/Cairo",
          "America/Asuncion",
          "America/Havana",
          "Asia/Beirut",
        ),
      ),
      fc.integer({ min: 1, max: 7 }),
      fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 28, max: 31 })),
      fc.integer({ min: Date.UTC(2020, 0, 2), max: Date.UTC(2029, 0) }),
      (window, timeZone, weekStart, monthDay, atMs) => {
        const given = { window, timeZone, weekStart, monthDay };
        const expected = bruteForce(given, atMs);
        const name = periodName(expected.startMs);
        expect(calendarPeriodOf(given, atMs)).toEqual({ ...expected, name });
      },
    ),
    { numRuns: propertyRuns(80) },
  );
});

test("in every zone hours follow each other without a gap, and hold the instant", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(2020, 0, 2), max: Date.UTC(2029, 0) }),
      (timeZone, atMs) => {
        const given = rule({ window: "hour", timeZone });
        const found = calendarPeriodOf(given, atMs);
        if (!found) throw new Error("no hour");
        expect(found.startMs).toBeLessThanOrEqual(atMs);
        expect(found.endMs).toBeGreaterThan(atMs);
        expect(found.endMs - found.startMs).toBeLessThanOrEqual(7_200_000);
        expect(calendarPeriodOf(given, found.endMs)?.startMs).toBe(found.endMs);
        expect(calendarPeriodOf(given, found.startMs - 1)?.endMs).toBe(found.startMs);
      },
    ),
    { numRuns: propertyRuns(200) },
  );
});

test("days of 23 and 25 hours are one day each", () => {
  const berlin = { timeZone: "Europe/Berlin" };
  expect(period(berlin, "2026-03-29T10:00:00Z")).toEqual([
    "2026-03-28T23:00:00Z",
    "2026-03-29T22:00:00Z",
  ]);
  expect(period(berlin, "2026-10-25T22:59:59Z")).toEqual([
    "2026-10-24T22:00:00Z",
    "2026-10-25T23:00:00Z",
  ]);
});

test("29 February is a day, ends a month that begins on the 31st, and is skipped in other years", () => {
  expect(period({}, "2028-02-29T23:59:59Z")).toEqual([
    "2028-02-29T00:00:00Z",
    "2028-03-01T00:00:00Z",
  ]);
  const last = { window: "month", monthDay: 31 } as const;
  expect(period(last, "2028-02-29T00:00:00Z")).toEqual([
    "2028-02-29T00:00:00Z",
    "2028-03-31T00:00:00Z",
  ]);
  expect(period(last, "2028-02-28T23:59:59Z")).toEqual([
    "2028-01-31T00:00:00Z",
    "2028-02-29T00:00:00Z",
  ]);
  expect(period(last, "2027-03-01T00:00:00Z")).toEqual([
    "2027-02-28T00:00:00Z",
    "2027-03-31T00:00:00Z",
  ]);
  expect(period({ window: "month", monthDay: 15 }, "2027-01-14T23:59:59Z")).toEqual([
    "2026-12-15T00:00:00Z",
    "2027-01-15T00:00:00Z",
  ]);
});

test("a session's or trace's period is its id, one for all calls without, and a single call has none", () => {
  const tags = { session: "s", traceId: "t" };
  const none = { session: null, traceId: null };
  expect(periodOf(rule({ window: "session" }), tags, 0)).toBe("s");
  expect(periodOf(rule({ window: "trace" }), tags, 0)).toBe("t");
  expect(periodOf(rule({ window: "session" }), none, 0)).toBe("");
  expect(periodOf(rule({ window: "trace" }), none, 0)).toBe("");
  expect(periodOf(rule({ window: "request" }), tags, 0)).toBeNull();
  expect(periodOf(rule({ window: "day" }), tags, Date.UTC(2026, 10, 21, 12))).toBe(
    "2026-11-21T00:00:00Z",
  );
});
