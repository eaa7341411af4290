import fc from "fast-check";
import { expect, test } from "vitest";
import { BUCKET_GRAIN, DAY_GRAIN, type Grain, HOUR_GRAIN } from "@/db/clickhouse/cubes";
import {
  type CleanRollups,
  MAX_GENERATIONS,
  MAX_RAW_RANGES,
  planSpend,
} from "@/lib/spend/plan-spend";

const DAY = Date.parse("2026-01-10T00:00:00Z") / 1000;

/** Rollups of these starts; a generation is its start, and its grain behind it. */
const generation = (grain: Grain, start: number): bigint =>
  BigInt(start) * 10_000_000n + BigInt(grain);
function rollups(grain: Grain, starts: number[]): CleanRollups {
  return {
    project_id: "p",
    grain,
    starts,
    generations: starts.map((start) => generation(grain, start)),
    seals: starts.map(() => "none" as const),
  };
}

function plan(
  clean: CleanRollups[],
  fromSeconds: number,
  toSeconds: number,
  cube: Parameters<typeof planSpend>[0] = "feature",
) {
  const range = { fromUs: fromSeconds * 1e6, toUs: toSeconds * 1e6 };
  return planSpend(cube, { projectIds: ["p"], ...range, edges: [] }, clean);
}

/** Every bucket of the range and how often the plan reads it, from rollups or raw. */
function countReads(planned: ReturnType<typeof planSpend>, from: number, to: number): number[] {
  const reads = new Map<number, number>();
  const add = (start: number, end: number) => {
    for (let at = start; at < end; at += BUCKET_GRAIN) reads.set(at, (reads.get(at) ?? 0) + 1);
  };
  for (const { grain, starts, generations } of planned?.pieces ?? []) {
    expect(generations).toEqual(starts.map((start) => generation(grain, start)));
    for (const start of starts) add(start, start + grain);
  }
  for (const { fromSeconds, toSeconds } of planned?.rawRanges ?? []) add(fromSeconds, toSeconds);
  const counts = [];
  for (let at = from; at < to; at += BUCKET_GRAIN) counts.push(reads.get(at) ?? 0);
  return counts;
}
const everyOnce = (counts: number[]) => counts.every((count) => count === 1);

test("every bucket of a range is read exactly once, whatever is clean", () => {
  const bucket = fc.integer({ min: 0, max: 4 * 96 });
  fc.assert(
    fc.property(
      fc.uniqueArray(bucket),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 })),
      fc.uniqueArray(fc.integer({ min: 0, max: 4 * 24 })),
      fc.constantFrom("feature" as const, "session" as const, "user" as const),
      bucket,
      fc.integer({ min: 1, max: 3 * 96 }),
      (buckets, days, hours, cube, first, length) => {
        const from = DAY + first * BUCKET_GRAIN;
        const to = from + length * BUCKET_GRAIN;
        const clean = [
          rollups(
            BUCKET_GRAIN,
            buckets.sort((a, b) => a - b).map((n) => DAY + n * BUCKET_GRAIN),
          ),
          rollups(
            DAY_GRAIN,
            days.sort((a, b) => a - b).map((n) => DAY + n * DAY_GRAIN),
          ),
          rollups(
            HOUR_GRAIN,
            hours.sort((a, b) => a - b).map((n) => DAY + n * HOUR_GRAIN),
          ),
        ];
        const planned = plan(clean, from, to, cube);
        if (planned) expect(everyOnce(countReads(planned, from, to))).toBe(true);
      },
    ),
  );
});

test("with more gaps than a statement takes, the longest runs are kept and every bucket is still read once", () => {
  // Every other bucket is clean, and one run is longer.
  const count = 3 * MAX_RAW_RANGES;
  const single = Array.from({ length: count }, (_, n) => DAY + 2 * n * BUCKET_GRAIN);
  const long = [1, 3, 5].map((n) => DAY + n * BUCKET_GRAIN);
  const starts = [...single, ...long].sort((a, b) => a - b);
  const to = DAY + 2 * count * BUCKET_GRAIN;
  const planned = plan([rollups(BUCKET_GRAIN, starts)], DAY, to);
  expect(planned?.rawRanges.length).toBeLessThanOrEqual(MAX_RAW_RANGES + 1);
  expect(planned?.pieces[0]?.starts.slice(0, 7)).toEqual(starts.slice(0, 7));
  expect(everyOnce(countReads(planned, DAY, to))).toBe(true);
});

test("with more generations than a statement takes, the rest is read raw and every bucket once", () => {
  const half = Math.ceil(MAX_GENERATIONS * 0.6);
  const first = Array.from({ length: half }, (_, n) => DAY + n * BUCKET_GRAIN);
  const second = first.map((start) => start + (half + 1) * BUCKET_GRAIN);
  const to = DAY + (2 * half + 1) * BUCKET_GRAIN;
  const planned = plan([rollups(BUCKET_GRAIN, [...first, ...second])], DAY, to);
  expect(planned?.pieces[0]?.generations.length).toBe(half);
  expect(everyOnce(countReads(planned, DAY, to))).toBe(true);
  const tooMany = [...first, ...first.map((start) => start + half * BUCKET_GRAIN)];
  expect(plan([rollups(BUCKET_GRAIN, tooMany)], DAY, to)).toBeNull();
});

test("people's sums are of days, and of hours where there is no day: buckets, and days that were sealed, are read raw", () => {
  const hour = DAY + 3 * DAY_GRAIN + 5 * HOUR_GRAIN;
  const clean = [
    rollups(BUCKET_GRAIN, [DAY, DAY + 3 * DAY_GRAIN]),
    rollups(HOUR_GRAIN, [DAY, hour]),
    rollups(DAY_GRAIN, [DAY, DAY + DAY_GRAIN]),
  ];
  const sealed: CleanRollups = { ...rollups(DAY_GRAIN, [DAY + 2 * DAY_GRAIN]), seals: ["sealed"] };
  const question = { projectIds: ["p"], fromUs: DAY * 1e6, toUs: (DAY + 4 * DAY_GRAIN) * 1e6 };
  const planned = planSpend("session", { ...question, edges: [] }, [...clean, sealed]);
  expect(planned).toMatchObject({
    pieces: [
      { grain: DAY_GRAIN, starts: [DAY, DAY + DAY_GRAIN] },
      { grain: HOUR_GRAIN, starts: [hour] },
    ],
    rawRanges: [
      { fromSeconds: DAY + 2 * DAY_GRAIN, toSeconds: hour },
      { fromSeconds: hour + HOUR_GRAIN, toSeconds: DAY + 4 * DAY_GRAIN },
    ],
  });
});
