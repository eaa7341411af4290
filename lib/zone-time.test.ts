import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  formatOffset,
  startOfDay,
  toInstant,
  toLocalTime,
  weekdayOf,
} from "@/lib/zone-time";

const at = (text: string) => Date.parse(text);
const local = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
});

test("midnight is the zone's own, on half and quarter hours too", () => {
  expect(startOfDay(local(2026, 11, 21), "Asia/Kathmandu")).toBe(at("2026-11-20T18:15:00Z"));
  expect(startOfDay(local(2026, 11, 21), "America/New_York")).toBe(at("2026-11-21T05:00:00Z"));
});

test("a clock time shown twice is the first one, a skipped one is the moment after the skip", () => {
  expect(toInstant(local(2026, 10, 25, 2, 30), "Europe/Berlin")).toBe(at("2026-10-25T00:30:00Z"));
  expect(toInstant(local(2026, 3, 29, 2, 30), "Europe/Berlin")).toBe(at("2026-03-29T01:30:00Z"));
});

test("a day whose midnight is skipped begins when its clock does", () => {
  expect(startOfDay(local(2024, 4, 26), "Africa/Cairo")).toBe(at("2024-04-25T22:00:00Z"));
});

test("the offset reads as people write it", () => {
  expect(formatOffset(at("2026-01-01T00:00:00Z"), "Asia/Kathmandu")).toBe("UTC+5:45");
  expect(formatOffset(at("2026-01-01T00:00:00Z"), "America/Sao_Paulo")).toBe("UTC−3");
  expect(formatOffset(at("2026-01-01T00:00:00Z"), "UTC")).toBe("UTC");
});

test("days are counted by the calendar and weeks begin on Monday", () => {
  expect(addDays(local(2026, 3, 1), -1)).toEqual(local(2026, 2, 28));
  expect(weekdayOf(local(2026, 11, 22))).toBe(7);
  expect(weekdayOf(local(2026, 11, 23))).toBe(1);
});

test("UTC, which is reckoned without Intl, reads as Intl has it", () => {
  const range = { min: at("1970-01-01T00:00:00Z"), max: at("2200-01-01T00:00:00Z") };
  fc.assert(
    fc.property(fc.integer(range), (ms) => {
      expect(toLocalTime(ms, "UTC")).toEqual(toLocalTime(ms, "Etc/UTC"));
    }),
  );
  expect(() => toLocalTime(Number.NaN, "UTC")).toThrow(RangeError);
});

test("a local time read from an instant leads back to its minute, in every zone", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at("2020-01-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z") }),
      (zone, instantMs) => {
        const minuteMs = Math.floor(instantMs / 60_000) * 60_000;
        const clock = toLocalTime(minuteMs, zone);
        const back = toInstant(clock, zone);
        // The second of two equal clock times leads to the first; both show the same clock.
        expect(toLocalTime(back, zone)).toEqual(clock);
        expect(back).toBeLessThanOrEqual(minuteMs);
      },
    ),
  );
});
