import { expect, test } from "vitest";
import { chooseLabelled, describeBucket, labelBucket } from "@/components/charts/prepare-labels";

const at = (text: string) => Date.parse(text);

test("a bucket is named by the zone's clock", () => {
  const hour = { startMs: at("2026-11-21T18:15:00Z"), endMs: at("2026-11-21T19:15:00Z") };
  expect(labelBucket(hour, "hour", "Asia/Kathmandu")).toBe("00:00");
  expect(describeBucket(hour, "hour", "Asia/Kathmandu")).toMatch(/Sun, Nov 22, 00:00 . 01:00/);
  const day = { startMs: at("2026-11-21T05:00:00Z"), endMs: at("2026-11-22T05:00:00Z") };
  expect(labelBucket(day, "day", "America/New_York")).toBe("Nov 21");
  expect(describeBucket(day, "day", "America/New_York")).toBe("Sat, Nov 21, 2026");
});

test("a week ends on its last day, not on the next Monday", () => {
  const week = { startMs: at("2026-11-16T00:00:00Z"), endMs: at("2026-11-23T00:00:00Z") };
  expect(describeBucket(week, "week", "UTC")).toMatch(/Nov 16 . 22, 2026/);
});

test("labels are spread evenly and never too many", () => {
  expect(chooseLabelled(30, 10)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 29]);
  expect(chooseLabelled(28, 10)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  expect(chooseLabelled(3, 10)).toEqual([0, 1, 2]);
  expect(chooseLabelled(1, 10)).toEqual([0]);
});
