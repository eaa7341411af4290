import { addDays, toInstant, toLocalTime } from "@/lib/zone-time";

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_HOURS = 24;
const EARLIER_DAYS = 3;
const EARLIER_WEEKS = 4;
/** A job that starts at two o'clock starts some minutes later in another week. */
const SLACK_MS = 2 * QUARTER_MS;
const QUARTERS_AN_HOUR = 4;

/** A stretch of event time, ms since 1970, `toMs` excluded. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** The last hour, and the day before it. */
export interface HourWindows {
  /** The last 60 minutes, to the minute. */
  last: Stretch;
  /** Starts of the 24 complete clock hours before them, ascending. */
  hourStarts: number[];
}

/** What the last hour is compared with first. @param atMs how far the figures reach, ms since 1970 */
export function hourWindows(atMs: number): HourWindows {
  const toMs = floorTo(atMs, MINUTE_MS);
  const fromMs = toMs - HOUR_MS;
  const endMs = floorTo(fromMs, HOUR_MS);
  return {
    last: { fromMs, toMs },
    hourStarts: Array.from({ length: DAY_HOURS }, (_, i) => endMs - (DAY_HOURS - i) * HOUR_MS),
  };
}

/**
 * Around the same hour of the days and of the weeks before, latest first, in whole quarters of an hour, which rollups
 * have: the dearest hour in each is that day's.
 * @param timeZone where people work: nine o'clock stays nine o'clock when the clocks change
 */
export function earlierWindows(
  atMs: number,
  timeZone: string,
): { days: Stretch[]; weeks: Stretch[] } {
  const toMs = floorTo(atMs, MINUTE_MS);
  const earlier = (count: number, days: number): Stretch[] =>
    Array.from({ length: count }, (_, index) => around(toMs, days * (index + 1), timeZone));
  return { days: earlier(EARLIER_DAYS, 1), weeks: earlier(EARLIER_WEEKS, 7) };
}

/** Around the hour that ended at the same clock time some days before an instant. */
function around(toMs: number, days: number, timeZone: string): Stretch {
  const thenMs = daysBefore(toMs, days, timeZone);
  return {
    fromMs: floorTo(thenMs - HOUR_MS, QUARTER_MS) - SLACK_MS,
    toMs: -floorTo(-thenMs, QUARTER_MS) + SLACK_MS,
  };
}

/** The same clock time some days before, in ms since 1970; zones differ by whole minutes. */
function daysBefore(ms: number, days: number, timeZone: string): number {
  return toInstant(addDays(toLocalTime(ms, timeZone), -days), timeZone);
}

/** Starts of the quarters of an hour of a stretch that lies on them. */
export function quartersOf({ fromMs, toMs }: Stretch): number[] {
  const count = Math.floor((toMs - fromMs) / QUARTER_MS);
  return Array.from({ length: count }, (_, index) => fromMs + index * QUARTER_MS);
}

/** The dearest hour among neighbouring quarters of an hour. @param quarters what each cost, in order */
export function dearestHour(quarters: readonly bigint[]): bigint {
  let dearest = 0n;
  for (let end = 1; end <= quarters.length; end += 1) {
    const hour = quarters.slice(Math.max(0, end - QUARTERS_AN_HOUR), end);
    const sum = hour.reduce((total, usd) => total + usd, 0n);
    if (sum > dearest) dearest = sum;
  }
  return dearest;
}

const floorTo = (ms: number, step: number): number => Math.floor(ms / step) * step;
