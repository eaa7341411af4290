import type { FemtoUsd } from "@/lib/money";

/** Where a bar begins and how long it is, as shares of the whole: 0 to 1. */
export interface PlacedBar {
  from: number;
  length: number;
}

const PARTS = 100_000n;

/** A part of a sum of money as a share, 0 to 1, for drawing alone. What is unknown has no bar. */
export function shareOf(part: FemtoUsd | null, whole: FemtoUsd | null): number {
  if (part === null || whole === null || whole <= 0n || part <= 0n) return 0;
  const share = Number((part * PARTS) / whole) / Number(PARTS);
  return Math.min(share, 1);
}

/**
 * A step's place on a time axis.
 * @returns null where the axis has no length. A step that did not say how long it took is a point.
 */
export function placeInTime(
  step: { startMs: number; endMs: number | null },
  axis: { startMs: number; endMs: number },
): PlacedBar | null {
  const span = axis.endMs - axis.startMs;
  if (span <= 0) return null;
  const from = clamp((step.startMs - axis.startMs) / span);
  const to = clamp(((step.endMs ?? step.startMs) - axis.startMs) / span);
  return { from, length: Math.max(to - from, 0) };
}

function clamp(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

/** Steps of an axis of time, in ms: 1, 2 or 5 of a unit that a person reads. */
const TICK_STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000,
];

/** Round distances from the start, at most `most` of them after 0, in ms. */
export function listTicks(spanMs: number, most: number): number[] {
  if (spanMs <= 0) return [0];
  const last = TICK_STEPS_MS.at(-1) ?? 1;
  const step =
    TICK_STEPS_MS.find((candidate) => spanMs / candidate <= most) ??
    Math.ceil(spanMs / most / last) * last;
  const ticks: number[] = [];
  for (let at = 0; at <= spanMs; at += step) ticks.push(at);
  return ticks;
}

/** A share as CSS writes it. */
export function cssPercent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
