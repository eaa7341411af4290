import type { Bucket } from "@/components/charts/prepare-buckets";
import type { Interval } from "@/lib/time-range";

const AXIS_FORMATS: Record<Interval, Intl.DateTimeFormatOptions> = {
  hour: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { month: "short", day: "numeric" },
  week: { month: "short", day: "numeric" },
  month: { month: "short", year: "numeric" },
};

const FULL_FORMATS: Record<Interval, Intl.DateTimeFormatOptions> = {
  hour: {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  },
  day: { weekday: "short", month: "short", day: "numeric", year: "numeric" },
  week: { month: "short", day: "numeric", year: "numeric" },
  month: { month: "long", year: "numeric" },
};

/** The short text of a bucket under the axis: `Nov 21`, `14:00`. */
export function labelBucket(bucket: Bucket, interval: Interval, timeZone: string): string {
  return dateFormat(AXIS_FORMATS[interval], timeZone).format(bucket.startMs);
}

/** The whole span of a bucket in words, for the tooltip: `Sat, Nov 21, 2026`, `Sat, Nov 21, 14:00 – 15:00`. */
export function describeBucket(bucket: Bucket, interval: Interval, timeZone: string): string {
  const format = dateFormat(FULL_FORMATS[interval], timeZone);
  if (interval === "day" || interval === "month") return format.format(bucket.startMs);
  const lastMs = interval === "hour" ? bucket.endMs : bucket.endMs - 1;
  return format.formatRange(bucket.startMs, lastMs).replace(/\s+/g, " ");
}

/** Indexes of the buckets that get a label: evenly spread, about `max`, always with the first and the last. */
export function chooseLabelled(bucketCount: number, max: number): number[] {
  const step = Math.max(1, Math.ceil(bucketCount / Math.max(1, max)));
  const indexes = [];
  // The last label takes the place of one that stands too close to it.
  for (let index = 0; index < bucketCount - step / 2; index += step) indexes.push(index);
  if (bucketCount > 0 && indexes.at(-1) !== bucketCount - 1) indexes.push(bucketCount - 1);
  return indexes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a format is slow, and a chart of hours needs hundreds of labels. */
function dateFormat(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const key = JSON.stringify([options, timeZone]);
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  formats.set(key, format);
  return format;
}
