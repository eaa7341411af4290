import { listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import type { Interval, TimeRange } from "@/lib/time-range";

/** One step of the time axis: instants in milliseconds, `endMs` excluded, both inside the range. */
export interface Bucket {
  startMs: number;
  endMs: number;
}

/** Far more than `listIntervals` offers; a chart of more could not be read. */
const MAX_BUCKETS = 1_000;

/**
 * The time axis of a range: every bucket of the calendar, the same that the API answers with, whether
 * anything was received in it or not; the first and last are cut to the range.
 * Buckets that lie wholly in the future are left out: nothing can be missing there yet.
 */
export function prepareBuckets(
  range: TimeRange,
  interval: Interval,
  timeZone: string,
  nowMs: number,
): Bucket[] {
  const starts = listBucketStarts(range, interval, timeZone, MAX_BUCKETS);
  return starts
    .map((startMs, index) => ({
      startMs: Math.max(startMs, range.fromMs),
      endMs: Math.min(starts[index + 1] ?? range.toMs, range.toMs),
    }))
    .filter(({ startMs }, index) => index === 0 || startMs <= nowMs);
}

/** Index of the bucket that holds an instant; -1 outside the axis. */
export function findBucket(buckets: readonly Bucket[], instantMs: number): number {
  const first = buckets[0];
  // An answer names the first bucket by its calendar start, which lies before a range that cuts it.
  if (first && instantMs < first.startMs) return 0;
  let low = 0;
  let high = buckets.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const bucket = buckets[middle];
    if (!bucket) return -1;
    if (instantMs < bucket.startMs) high = middle - 1;
    else if (instantMs >= bucket.endMs) low = middle + 1;
    else return middle;
  }
  return -1;
}
