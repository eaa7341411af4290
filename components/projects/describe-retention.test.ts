import fc from "fast-check";
import { expect, test } from "vitest";
import {
  describeRetention,
  firstKeptDay,
  isShorter,
  readDays,
} from "@/components/projects/describe-retention";

const DAY_MS = 86_400_000;

test("an empty field keeps calls for ever, a whole number keeps them for so many days", () => {
  expect(readDays(" ")).toEqual({ days: null });
  expect(readDays("90")).toEqual({ days: 90 });
  for (const wrong of ["0", "-1", "1.5", "1e3", "36501", "a year"]) {
    expect(readDays(wrong)).toHaveProperty("fault");
  }
});

test("the first day that stays is whole, and no call younger than what is kept lies before it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3650 }),
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) }),
      (days, nowMs) => {
        const keptFromMs = Date.parse(`${firstKeptDay(days, nowMs)}T00:00:00Z`);
        expect(keptFromMs % DAY_MS).toBe(0);
        expect(keptFromMs).toBeLessThanOrEqual(nowMs - days * DAY_MS);
        expect(nowMs - days * DAY_MS - keptFromMs).toBeLessThan(DAY_MS);
      },
    ),
  );
});

test("only keeping calls for less time than before deletes any", () => {
  expect(isShorter(null, 30)).toBe(true);
  expect(isShorter(60, 30)).toBe(true);
  expect(isShorter(30, 60)).toBe(false);
  expect(isShorter(30, 30)).toBe(false);
  expect(isShorter(30, null)).toBe(false);
});

test("retention reads as a sentence", () => {
  expect(describeRetention(null)).toBe("Calls kept for ever");
  expect(describeRetention(1)).toBe("Calls kept for 1 day");
});
