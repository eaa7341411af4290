import { expect, test } from "vitest";
import { describeBucket, prepareTicks } from "@/components/charts/prepare-labels";

const at = (text: string) => Date.parse(text);
const HOUR_MS = 3_600_000;

function axis(from: string, count: number, stepMs: number) {
  const firstMs = at(from);
  return Array.from({ length: count }, (_, index) => ({
    startMs: firstMs + index * stepMs,
    endMs: firstMs + (index + 1) * stepMs,
  }));
}

test("a bucket is named by the zone's clock", () => {
  const hour = { startMs: at("2026-11-21T18:15:00Z"), endMs: at("2026-11-21T19:15:00Z") };
  expect(prepareTicks([hour], "hour", "Asia/Kathmandu", 8)).toEqual([{ index: 0, label: "00:00" }]);
  expect(describeBucket(hour, "hour", "Asia/Kathmandu")).toMatch(/Sun, Nov 22, 00:00 . 01:00/);
  const day = { startMs: at("2026-11-21T05:00:00Z"), endMs: at("2026-11-22T05:00:00Z") };
  expect(prepareTicks([day], "day", "America/New_York", 8)[0]?.label).toBe("Nov 21");
  expect(describeBucket(day, "day", "America/New_York")).toBe("Sat, Nov 21, 2026");
});

test("a week ends on its last day, not on the next Monday", () => {
  const week = { startMs: at("2026-11-16T00:00:00Z"), endMs: at("2026-11-23T00:00:00Z") };
  expect(describeBucket(week, "week", "UTC")).toMatch(/Nov 16 . 22, 2026/);
});

test("labels are spread evenly, with the first and the last", () => {
  const indexes = (count: number) =>
    prepareTicks(axis("2026-01-01T00:00:00Z", count, 24 * HOUR_MS), "day", "UTC", 10).map(
      (tick) => tick.index,
    );
  expect(indexes(30)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 29]);
  expect(indexes(28)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  expect(indexes(3)).toEqual([0, 1, 2]);
});

test("hours of several days are labelled with dates at their midnights", () => {
  const hours = axis("2026-11-19T22:00:00Z", 72, HOUR_MS);
  expect(prepareTicks(hours, "hour", "UTC", 8)).toEqual([
    { index: 2, label: "Nov 20" },
    { index: 26, label: "Nov 21" },
    { index: 50, label: "Nov 22" },
  ]);
});
