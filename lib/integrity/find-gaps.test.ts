import fc from "fast-check";
import { expect, test } from "vitest";
import { findRuns, type Numbered } from "@/lib/integrity/find-gaps";

const inOrder = (numbers: readonly number[], fromUs = 0): Numbered[] =>
  numbers.map((sequence, i) => ({ sequence, atUs: fromUs + i }));
const upTo = (count: number, first = 0) => Array.from({ length: count }, (_, i) => first + i);
const missingOf = (events: readonly Numbered[]) =>
  findRuns(events).reduce((sum, run) => sum + run.missing, 0);

test("what was left out between the first and the last number is missing, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 52 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
      (base, kept) => {
        const sorted = [...kept].sort((a, b) => a - b);
        const [run, ...others] = findRuns(inOrder(sorted.map((n) => base + n)));
        const first = sorted[0] ?? 0;
        const last = sorted.at(-1) ?? 0;
        const lost = upTo(last - first + 1, first).filter((n) => !kept.includes(n));
        expect(others).toEqual([]);
        expect(run).toMatchObject({
          first: base + first,
          last: base + last,
          received: kept.length,
          missing: lost.length,
        });
        const listed = (run?.missingRanges ?? []).flatMap(([from, to]) =>
          upTo(to - from + 1, from),
        );
        expect(lost.map((n) => base + n).slice(0, listed.length)).toEqual(listed);
      },
    ),
  );
});

test("a complete stream is complete in whatever near order its events carry their times", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 600, maxLength: 600 }),
      (count, delays) => {
        const events = upTo(count, 7)
          .map((sequence, i) => ({ sequence, atUs: i + (delays[i] ?? 0) }))
          .sort((a, b) => a.atUs - b.atUs || a.sequence - b.sequence);
        expect(missingOf(events)).toBe(0);
      },
    ),
  );
});

test("a source that begins again at 0 or 1, however often, has lost nothing by it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 5_000 })), {
        minLength: 2,
        maxLength: 6,
      }),
      (starts) => {
        const events = inOrder(starts.flatMap(([first, count]) => upTo(count, first)));
        expect(missingOf(events)).toBe(0);
      },
    ),
  );
});

test("a loss before or after a restart is found as large as it is", () => {
  const first = upTo(2_000).filter((n) => n < 500 || n >= 510);
  const second = upTo(1_500, 1).filter((n) => n !== 700);
  expect(findRuns(inOrder([...first, ...second]))).toMatchObject([
    { first: 0, last: 1_999, missing: 10, missingRanges: [[500, 509]] },
    { first: 1, last: 1_500, missing: 1, missingRanges: [[700, 700]] },
  ]);
});

test("numbers that are no running numbers (clocks, hashes) are never millions of lost events", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { maxLength: 200 }),
      (numbers) => {
        expect(missingOf(inOrder(numbers))).toBeLessThanOrEqual(numbers.length * 100_000);
      },
    ),
  );
  expect(missingOf(inOrder(upTo(50).map((n) => n * 1_000_000)))).toBe(0);
});

test("two processes under one name that number alike have lost nothing", () => {
  expect(missingOf(inOrder(upTo(300).flatMap((n) => [n, n])))).toBe(0);
});

test("the list of ranges is bounded and the count is not", () => {
  const [run] = findRuns(inOrder(upTo(100).map((n) => n * 2)));
  expect(run?.missing).toBe(99);
  expect(run?.missingRanges).toHaveLength(20);
});
