import type { Bucket } from "@/components/charts/prepare-buckets";
import type { Interval } from "@/lib/time-range";
import { toLocalTime } from "@/lib/zone-time";

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
function labelBucket(bucket: Bucket, interval: Interval, timeZone: string): string {
  return dateFormat(AXIS_FORMATS[interval], timeZone).format(bucket.startMs);
}

/** The whole span of a bucket in words, for the tooltip: `Sat, Nov 21, 2026`, `Sat, Nov 21, 14:00 – 15:00`. */
export function describeBucket(bucket: Bucket, interval: Interval, timeZone: string): string {
  const format = dateFormat(FULL_FORMATS[interval], timeZone);
  if (interval === "day" || interval === "month") return format.format(bucket.startMs);
  const lastMs = interval === "hour" ? bucket.endMs : bucket.endMs - 1;
  return format.formatRange(bucket.startMs, lastMs).replace(/\s+/g, " ");
}

/** A label under the time axis. */
export interface TimeTick {
  index: number;
  label: string;
}

const HOURS_OF_ONE_DATE = 36;

/**
 * The labels under the time axis: evenly spread, about `max`, always with the first and the last bucket.
 * Hours of several days are labelled with the dates at their midnights: "05:00" alone says too little.
 */
export function prepareTicks(
  buckets: readonly Bucket[],
  interval: Interval,
  timeZone: string,
  max: number,
): TimeTick[] {
  if (interval === "hour" && buckets.length > HOURS_OF_ONE_DATE) {
    const midnights = buckets.flatMap(({ startMs }, index) =>
      toLocalTime(startMs, timeZone).hour === 0 ? [index] : [],
    );
    return spread(midnights.length, max).flatMap((at) => tick(midnights[at] ?? 0, "day"));
  }
  return spread(buckets.length, max).flatMap((index) => tick(index, interval));

  function tick(index: number, step: Interval): TimeTick[] {
    const bucket = buckets[index];
    return bucket ? [{ index, label: labelBucket(bucket, step, timeZone) }] : [];
  }
}

function spread(count: number, max: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, max)));
  const indexes = [];
  // The last label takes the place of one that stands too close to it.
  for (let index = 0; index < count - step / 2; index += step) indexes.push(index);
  if (count > 0 && indexes.at(-1) !== count - 1) indexes.push(count - 1);
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
