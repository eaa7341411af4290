import type { Interval, TimeRange } from "@/lib/time-range";
import { addDays, startOfDay, toInstant, toLocalTime, weekdayOf } from "@/lib/zone-time";

const HOUR_MS = 3_600_000;

/** One step of the time axis: instants in milliseconds, `endMs` excluded, both inside the range. */
export interface Bucket {
  startMs: number;
  endMs: number;
}

/**
 * The time axis of a range: every bucket of the zone's own hours, days, weeks (from Monday) or months,
 * whether anything was received or not; the first and last are cut to the range.
 * Buckets that lie wholly in the future are left out: nothing can be missing there yet.
 */
export function prepareBuckets(
  range: TimeRange,
  interval: Interval,
  timeZone: string,
  nowMs: number,
): Bucket[] {
  const buckets: Bucket[] = [];
  const lastMs = Math.min(range.toMs, Math.max(nowMs + 1, range.fromMs + 1));
  let startMs = bucketStart(range.fromMs, interval, timeZone);
  while (startMs < lastMs) {
    const nextMs = nextStart(startMs, interval, timeZone);
    buckets.push({
      startMs: Math.max(startMs, range.fromMs),
      endMs: Math.min(nextMs, range.toMs),
    });
    startMs = nextMs;
  }
  return buckets;
}

/** Index of the bucket that holds an instant; -1 outside the axis. */
export function findBucket(buckets: readonly Bucket[], instantMs: number): number {
  const first = buckets[0];
  // An answer may name the first bucket by its calendar start, which lies before a range that cuts it.
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

function bucketStart(instantMs: number, interval: Interval, timeZone: string): number {
  const local = toLocalTime(instantMs, timeZone);
  switch (interval) {
    case "hour":
      return instantMs - local.minute * 60_000 - (instantMs % 60_000);
    case "day":
      return startOfDay(local, timeZone);
    case "week":
      return startOfDay(addDays(local, 1 - weekdayOf(local)), timeZone);
    case "month":
      return startOfDay({ ...local, day: 1 }, timeZone);
  }
}

function nextStart(startMs: number, interval: Interval, timeZone: string): number {
  if (interval === "hour") return nextHour(startMs, timeZone);
  const local = toLocalTime(startMs, timeZone);
  if (interval === "month") {
    return toInstant({ ...local, month: local.month + 1, day: 1, hour: 0, minute: 0 }, timeZone);
  }
  return startOfDay(addDays(local, interval === "day" ? 1 : 7), timeZone);
}

/** Full hours of the zone's clock; a shift of half an hour (Lord Howe) makes one shorter or longer. */
function nextHour(startMs: number, timeZone: string): number {
  const nextMs = startMs + HOUR_MS;
  const { minute } = toLocalTime(nextMs, timeZone);
  return minute === 0 ? nextMs : nextMs + (60 - minute) * 60_000;
}
