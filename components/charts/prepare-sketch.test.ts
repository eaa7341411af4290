import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseLabels } from "@/components/charts/choose-labels";
import { prepareAxis } from "@/components/charts/prepare-axis";
import { prepareSketch } from "@/components/charts/prepare-sketch";
import { prepareStack, type StackModel } from "@/components/charts/prepare-stack";

const WIDTH = 640;

/** Ten buckets or more of two names and an Other; the last one is running. */
function modelOf(values: readonly (readonly [bigint, bigint, bigint] | null)[]): StackModel {
  const buckets = values.map((_, index) => ({ startMs: index * 10, endMs: index * 10 + 10 }));
  const received = buckets.filter((_, index) => values[index] !== null);
  const pick = (layer: 0 | 1) =>
    new Map(received.map(({ startMs }) => [startMs, values[startMs / 10]?.[layer] ?? 0n]));
  return prepareStack({
    buckets,
    nowMs: values.length * 10 - 5,
    received: received.map(({ startMs }) => startMs),
    totals: new Map(
      received.map(({ startMs }) => {
        const [one, two, other] = values[startMs / 10] ?? [0n, 0n, 0n];
        return [startMs, one + two + other];
      }),
    ),
    series: [
      { name: "one", values: pick(0) },
      { name: "two", values: pick(1) },
    ],
    nameCount: 3,
  });
}

/** The points of a path's first run. */
function pointsOf(path: string): number[][] {
  const first = path.split(/(?=M)/)[0] ?? "";
  return [...first.matchAll(/([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** Where the value axis ends. */
function top({ max }: StackModel): bigint {
  return prepareAxis(max, "usd").max;
}

const femtos = fc.bigInt({ min: 0n, max: 10n ** 22n });

test("layers stand on each other, and the uppermost reaches the bucket's total", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(femtos, femtos, femtos), { minLength: 10, maxLength: 40 }),
      (values) => {
        const model = modelOf(values);
        const { marks, plot } = prepareSketch(model, "usd", WIDTH);
        const whole = marks.filter(({ isRunning }) => !isRunning);
        expect(whole.map(({ layer }) => layer)).toEqual([0, 1, 2]);
        let below = values.slice(0, -1).map(() => plot.bottom);
        for (const mark of whole) {
          const tops = pointsOf(mark.line).map(([, y]) => y ?? Number.NaN);
          const floor = pointsOf(mark.fill).slice(tops.length).reverse();
          floor.forEach(([, y], index) => {
            expect(y).toBeCloseTo(below[index] ?? Number.NaN, 0);
          });
          below = tops;
        }
        const step = (plot.bottom - plot.top) / Number(top(model));
        model.slices.slice(0, -1).forEach(({ total }, index) => {
          expect(below[index]).toBeCloseTo(plot.bottom - Number(total) * step, 0);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("what was not received breaks the drawing, and what still runs is drawn apart", () => {
  const full = [1n, 2n, 3n] as const;
  const model = modelOf([
    ...Array.from({ length: 9 }, () => full),
    null,
    null,
    ...Array(9).fill(full),
  ]);
  const { marks, gaps, plot } = prepareSketch(model, "count", WIDTH);
  const [whole, running] = marks.filter(({ layer }) => layer === 0);
  expect(whole?.line.match(/M/g)).toHaveLength(2);
  expect(running).toMatchObject({ isRunning: true });
  expect(pointsOf(running?.line ?? "")).toHaveLength(2);
  const band = (plot.right - plot.left) / 20;
  expect(gaps).toMatchObject([{ first: 9, last: 10 }]);
  expect(gaps[0]?.x).toBeCloseTo(plot.left + 9 * band);
  expect(gaps[0]?.width).toBeCloseTo(2 * band);
});

test("few buckets are columns inside their places, each as high as its value", () => {
  const model = modelOf([
    [1n, 0n, 0n],
    [2n, 0n, 0n],
    [4n, 0n, 0n],
  ]);
  const { marks, plot, values } = prepareSketch(model, "count", WIDTH);
  expect(model.mark).toBe("bars");
  const top = Math.min(...values.map(({ y }) => y));
  expect(top).toBeCloseTo(plot.top);
  const columns = (marks[0]?.fill ?? "").split(/(?=M)/).map(pointsOf);
  const heights = columns.map(([left, , right]) => (right?.[1] ?? 0) - (left?.[1] ?? 0));
  expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(2, 1);
  const running = pointsOf(marks.find(({ isRunning }) => isRunning)?.fill ?? "");
  expect((running[2]?.[1] ?? 0) - (running[0]?.[1] ?? 0)).toBeCloseTo(2 * (heights[1] ?? 0), 0);
});

test("labels of times never touch, and the last one stays", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          x: fc.integer({ min: 58, max: 636 }),
          text: fc.string({ minLength: 1, maxLength: 12 }),
        }),
        {
          minLength: 1,
          maxLength: 9,
        },
      ),
      (labels) => {
        const sorted = labels.toSorted((one, two) => one.x - two.x);
        const chosen = chooseLabels(sorted, { left: 58, right: 636 });
        expect(chosen.at(-1)).toBe(sorted.at(-1));
        chosen.slice(1).forEach(({ x, text }, index) => {
          const before = chosen[index];
          const room = x - (before?.x ?? 0) - 3.2 * (text.length + (before?.text.length ?? 0));
          expect(room).toBeGreaterThan(0);
        });
      },
    ),
  );
});
