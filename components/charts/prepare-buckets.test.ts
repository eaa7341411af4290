import fc from "fast-check";
import { expect, test } from "vitest";
import { findBucket, prepareBuckets } from "@/components/charts/prepare-buckets";
import { INTERVALS } from "@/lib/time-range";
import { addDays, startOfDay, toLocalTime } from "@/lib/zone-time";

const at = (text: string) => Date.parse(text);
const LATER = at("2030-01-01T00:00:00Z");

test("a day of a clock change has 23 or 25 hours", () => {
  const spring = { fromMs: at("2026-03-28T23:00:00Z"), toMs: at("2026-03-29T22:00:00Z") };
  const autumn = { fromMs: at("2026-10-24T22:00:00Z"), toMs: at("2026-10-25T23:00:00Z") };
  expect(prepareBuckets(spring, "hour", "Europe/Berlin", LATER)).toHaveLength(23);
  expect(prepareBuckets(autumn, "hour", "Europe/Berlin", LATER)).toHaveLength(25);
  expect(prepareBuckets(autumn, "day", "Europe/Berlin", LATER)).toHaveLength(1);
});

test("weeks begin on Monday and the first is cut to the range", () => {
  const range = { fromMs: at("2026-11-18T00:00:00Z"), toMs: at("2026-11-25T00:00:00Z") };
  expect(prepareBuckets(range, "week", "UTC", LATER)).toEqual([
    { startMs: range.fromMs, endMs: at("2026-11-23T00:00:00Z") },
    { startMs: at("2026-11-23T00:00:00Z"), endMs: range.toMs },
  ]);
});

test("the future is no gap: the axis ends with the running bucket", () => {
  const range = { fromMs: at("2026-11-22T00:00:00Z"), toMs: at("2026-11-23T00:00:00Z") };
  const buckets = prepareBuckets(range, "hour", "UTC", at("2026-11-22T03:20:00Z"));
  expect(buckets.at(-1)).toEqual({
    startMs: at("2026-11-22T03:00:00Z"),
    endMs: at("2026-11-22T04:00:00Z"),
  });
});

test("an answer's bucket is found by its instant, also where the range cuts the first one", () => {
  const range = { fromMs: at("2026-11-18T00:00:00Z"), toMs: at("2026-11-25T00:00:00Z") };
  const buckets = prepareBuckets(range, "week", "UTC", LATER);
  expect(findBucket(buckets, at("2026-11-16T00:00:00Z"))).toBe(0);
  expect(findBucket(buckets, at("2026-11-23T00:00:00Z"))).toBe(1);
  expect(findBucket(buckets, range.toMs)).toBe(-1);
});

test("buckets cover a range without a hole or an overlap, in every zone and bin", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...INTERVALS),
      fc.integer({ min: at("2022-01-01"), max: at("2027-01-01") }),
      fc.integer({ min: 1, max: 40 }),
      (zone, interval, startMs, days) => {
        const local = toLocalTime(startMs, zone);
        const range = {
          fromMs: startOfDay(local, zone),
          toMs: startOfDay(addDays(local, days), zone),
        };
        const buckets = prepareBuckets(range, interval, zone, LATER);
        expect(buckets[0]?.startMs).toBe(range.fromMs);
        expect(buckets.at(-1)?.endMs).toBe(range.toMs);
        for (const [index, bucket] of buckets.entries()) {
          expect(bucket.startMs).toBeLessThan(bucket.endMs);
          if (index > 0) expect(bucket.startMs).toBe(buckets[index - 1]?.endMs);
          expect(findBucket(buckets, bucket.startMs)).toBe(index);
        }
        if (interval === "day") expect(buckets).toHaveLength(days);
      },
    ),
    { numRuns: 150 },
  );
});
