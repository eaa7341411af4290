import fc from "fast-check";
import { expect, test } from "vitest";
import { formatInstant } from "@/lib/calendar/format-instant";
import { CALENDAR_INTERVALS, listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { toLocalTime, weekdayOf } from "@/lib/zone-time";

const at = (text: string) => Date.parse(text);
const ZONES = Intl.supportedValuesOf("timeZone");
const labels = (from: string, to: string, interval: "hour" | "day" | "week", zone: string) =>
  listBucketStarts({ fromMs: at(from), toMs: at(to) }, interval, zone, 1000).map((startMs) =>
    formatInstant(startMs * 1000, zone),
  );

test("a day of a clock change has 23 or 25 hours, each with its own offset", () => {
  const autumn = labels("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "hour", "Europe/Berlin");
  expect(autumn).toHaveLength(25);
  expect(autumn.slice(2, 4)).toEqual(["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]);
  expect(
    labels("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "hour", "Europe/Berlin"),
  ).toHaveLength(23);
});

test("a shift of half an hour makes one hour longer, and the hours after it full again", () => {
  expect(
    labels("2026-04-04T13:00:00Z", "2026-04-04T17:00:00Z", "hour", "Australia/Lord_Howe"),
  ).toEqual([
    "2026-04-05T00:00:00+11:00",
    "2026-04-05T01:00:00+11:00",
    "2026-04-05T02:00:00+10:30",
    "2026-04-05T03:00:00+10:30",
  ]);
});

test("weeks begin on Monday, at the zone's own midnight", () => {
  expect(labels("2026-11-18T00:00:00Z", "2026-11-25T00:00:00Z", "week", "Asia/Kathmandu")).toEqual([
    "2026-11-16T00:00:00+05:45",
    "2026-11-23T00:00:00+05:45",
  ]);
});

test("the list ends one past the maximum, and nothing begins before events can", () => {
  const range = { fromMs: 0, toMs: at("2026-01-01T00:00:00Z") };
  expect(listBucketStarts(range, "15m", "UTC", 10)).toHaveLength(11);
  expect(listBucketStarts(range, "month", "UTC", 100)[0]).toBe(at("2020-01-01T00:00:00Z"));
});

test("in every zone starts ascend, lie on quarter hours, and cover the range", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...CALENDAR_INTERVALS),
      fc.integer({ min: at("2020-01-01"), max: at("2027-01-01") }),
      fc.integer({ min: 1, max: 20 * 86_400_000 }),
      (zone, interval, fromMs, lengthMs) => {
        const range = { fromMs, toMs: fromMs + lengthMs };
        const starts = listBucketStarts(range, interval, zone, 3000);
        expect(starts[0]).toBeLessThanOrEqual(fromMs);
        expect(starts.at(-1)).toBeLessThan(range.toMs);
        for (const [index, startMs] of starts.entries()) {
          expect(startMs % 900_000).toBe(0);
          if (index > 0) expect(startMs).toBeGreaterThan(starts[index - 1] ?? 0);
          if (index > 0) expect(startMs).toBeGreaterThan(fromMs);
          const local = toLocalTime(startMs, zone);
          if (interval === "week") expect(weekdayOf(local)).toBe(1);
          if (interval === "month") expect(local.day).toBe(1);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test("a written instant reads back, with the offset of its zone", () => {
  expect(formatInstant(at("2026-11-21T00:00:00Z") * 1000 + 1, "America/St_Johns")).toBe(
    "2026-11-20T20:30:00.000001-03:30",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: at("2020-01-01"), max: at("2027-01-01") }),
      (zone, ms) => {
        expect(at(formatInstant(ms * 1000, zone))).toBe(ms);
      },
    ),
  );
});
