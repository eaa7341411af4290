import fc from "fast-check";
import { expect, test } from "vitest";
import { type BurnDownInput, prepareBurnDown } from "@/components/budgets/prepare-burn-down";

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 10, 1);
const starts = Array.from({ length: 30 }, (_, day) => FROM + day * DAY);
const NOVEMBER: BurnDownInput = {
  fromMs: FROM,
  toMs: FROM + 30 * DAY,
  nowMs: FROM + 1.5 * DAY,
  starts,
  spent: new Map([
    [FROM, 100n],
    [FROM + DAY, 50n],
  ]),
  limit: 3_000n,
  forecast: 2_500n,
  counter: null,
};

test("what is spent adds up, today's is so far, and the days to come have an ideal only", () => {
  const { steps, points, total, reachedMs, max } = prepareBurnDown(NOVEMBER);
  expect(steps.slice(0, 3)).toEqual([
    { startMs: FROM, endMs: FROM + DAY, state: "complete", spent: 100n, soFar: 100n, ideal: 100n },
    {
      startMs: FROM + DAY,
      endMs: FROM + 2 * DAY,
      state: "running",
      spent: 50n,
      soFar: 150n,
      ideal: 150n,
    },
    {
      startMs: FROM + 2 * DAY,
      endMs: FROM + 3 * DAY,
      state: "future",
      spent: null,
      soFar: null,
      ideal: 300n,
    },
  ]);
  expect([total, reachedMs, max]).toEqual([150n, null, 3_000n]);
  // Solid to last midnight, dashed to now, forecast from now to the end.
  expect(points[1]).toMatchObject({ atMs: FROM + DAY, spent: 100n, running: 100n });
  expect(points[2]).toMatchObject({
    atMs: FROM + 1.5 * DAY,
    spent: null,
    running: 150n,
    forecast: 150n,
  });
  expect(points.at(-1)).toMatchObject({ atMs: FROM + 30 * DAY, forecast: 2_500n, ideal: 3_000n });
});

test("a step of unknown cost is no zero: the sum is at least so much, and that is told", () => {
  const burnDown = prepareBurnDown({ ...NOVEMBER, spent: new Map([[FROM, null]]) });
  expect(burnDown.steps[0]?.spent).toBeNull();
  expect(burnDown.unknownSteps).toBe(1);
  expect(burnDown.total).toBe(0n);
});

test("the limit is reached in the step whose sum comes up to it", () => {
  const spent = new Map([[FROM, 3_000n]]);
  expect(prepareBurnDown({ ...NOVEMBER, spent }).reachedMs).toBe(FROM + DAY);
});

test("where the counter says something else, it is a point of its own and the line stays that of the calls", () => {
  const { points, steps, total, current, apart } = prepareBurnDown({ ...NOVEMBER, counter: 170n });
  expect([total, current, apart]).toEqual([150n, 170n, 20n]);
  expect(steps[1]?.soFar).toBe(150n);
  // The forecast is the counter's own, so it begins there.
  expect(points.filter(({ counter }) => counter !== null)).toEqual([
    {
      atMs: FROM + 1.5 * DAY,
      spent: null,
      running: 150n,
      ideal: 150n,
      forecast: 170n,
      counter: 170n,
    },
  ]);
});

test("a counter that equals the calls is no point of its own, and one above all else is inside the drawing", () => {
  const equal = prepareBurnDown({ ...NOVEMBER, counter: 150n });
  expect(equal.apart).toBe(0n);
  expect(equal.points.every(({ counter }) => counter === null)).toBe(true);
  expect(prepareBurnDown({ ...NOVEMBER, counter: 9_000n }).max).toBe(9_000n);
  expect(prepareBurnDown(NOVEMBER).apart).toBeNull();
});

test("whether the limit is reached the counter says, as it is what stops calls; when, the calls say", () => {
  const spent = new Map([[FROM, 3_000n]]);
  expect(prepareBurnDown({ ...NOVEMBER, spent, counter: 2_999n }).reachedMs).toBeNull();
  expect(prepareBurnDown({ ...NOVEMBER, spent, counter: 3_100n }).reachedMs).toBe(FROM + DAY);
  expect(prepareBurnDown({ ...NOVEMBER, counter: 3_000n }).reachedMs).toBe(NOVEMBER.nowMs);
});

test("of a period that has just ended the counter stands at its end", () => {
  const { points } = prepareBurnDown({
    ...NOVEMBER,
    nowMs: NOVEMBER.toMs,
    forecast: null,
    counter: 151n,
  });
  expect(points.at(-1)).toMatchObject({ atMs: NOVEMBER.toMs, spent: 150n, counter: 151n });
});

test("in any period the last sum is the sum of all steps, and the ideal never falls and ends at the limit", () => {
  const values = fc.array(fc.bigInt(0n, 10n ** 20n), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(
      values,
      fc.bigInt(0n, 10n ** 20n),
      fc.integer({ min: 0, max: 40 }),
      (all, limit, days) => {
        const spent = new Map(starts.map((start, index) => [start, all[index] ?? 0n]));
        const nowMs = FROM + days * DAY;
        const { steps, total } = prepareBurnDown({
          ...NOVEMBER,
          nowMs,
          spent,
          limit,
          forecast: null,
        });
        const past = all.filter((_, index) => (starts[index] ?? 0) <= nowMs);
        expect(total).toBe(past.reduce((sum, value) => sum + value, 0n));
        const ideals = steps.filter(({ state }) => state !== "running").map(({ ideal }) => ideal);
        expect(ideals).toEqual(
          [...ideals].sort((one, two) => Number(one > two) - Number(one < two)),
        );
        if (days >= 30) expect(ideals.at(-1)).toBe(limit);
      },
    ),
  );
});
