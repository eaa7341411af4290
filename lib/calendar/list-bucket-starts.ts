import { addDays, startOfDay, toInstant, toLocalTime, weekdayOf } from "@/lib/zone-time";

/** The calendar's steps, widest first. `total` is no step: one bucket for the whole range. */
export const CALENDAR_INTERVALS = ["month", "week", "day", "hour", "15m"] as const;
export type CalendarInterval = (typeof CALENDAR_INTERVALS)[number];

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;
/** No event is older (the contract's first timestamp), and since then every zone keeps to quarter hours. */
const FIRST_EVENT_MS = Date.UTC(2020, 0, 1);

/**
 * Starts of the calendar's buckets that a range touches, ascending, in ms since 1970; the first may lie
 * before the range. They are computed here, once a question, and bound as instants: PGlite, ClickHouse
 * and Node each ship a zone table, and one of them has to be right. Weeks begin on Monday (ISO 8601).
 *
 * Each start is a whole quarter of an hour, so an event's stored 15-minute bucket lies in one of them.
 * @param maximum the list ends after so many and one more: the caller says that they are too many
 */
export function listBucketStarts(
  range: { fromMs: number; toMs: number },
  interval: CalendarInterval,
  timeZone: string,
  maximum: number,
): number[] {
  const starts: number[] = [];
  const fromMs = Math.max(range.fromMs, FIRST_EVENT_MS);
  let startMs = firstStart(fromMs, interval, timeZone);
  while (startMs < range.toMs && starts.length <= maximum) {
    starts.push(startMs);
    startMs = nextStart(startMs, interval, timeZone);
  }
  return starts;
}

/** The calendar's bucket that holds an instant, ms since 1970, `endMs` excluded. */
export function bucketAround(
  instantMs: number,
  interval: CalendarInterval,
  timeZone: string,
): { startMs: number; endMs: number } {
  const startMs = firstStart(instantMs, interval, timeZone);
  return { startMs, endMs: nextStart(startMs, interval, timeZone) };
}

function firstStart(instantMs: number, interval: CalendarInterval, timeZone: string): number {
  const local = toLocalTime(instantMs, timeZone);
  switch (interval) {
    case "15m":
      return Math.floor(instantMs / QUARTER_MS) * QUARTER_MS;
    case "hour": {
      // Counted from midnight, because a shift of half an hour moves the full hours within a day.
      let startMs = startOfDay(local, timeZone);
      for (let nextMs = nextHour(startMs, timeZone); nextMs <= instantMs; ) {
        startMs = nextMs;
        nextMs = nextHour(startMs, timeZone);
      }
      return startMs;
    }
    case "day":
      return startOfDay(local, timeZone);
    case "week":
      return startOfDay(addDays(local, 1 - weekdayOf(local)), timeZone);
    case "month":
      return startOfDay({ ...local, day: 1 }, timeZone);
  }
}

function nextStart(startMs: number, interval: CalendarInterval, timeZone: string): number {
  if (interval === "15m") return startMs + QUARTER_MS;
  if (interval === "hour") return nextHour(startMs, timeZone);
  const local = toLocalTime(startMs, timeZone);
  if (interval === "month") {
    return toInstant({ ...local, month: local.month + 1, day: 1, hour: 0, minute: 0 }, timeZone);
  }
  return startOfDay(addDays(local, interval === "day" ? 1 : 7), timeZone);
}

/** Full hours of the zone's clock; a shift of half an hour (Lord Howe) makes one longer. */
function nextHour(startMs: number, timeZone: string): number {
  const nextMs = startMs + HOUR_MS;
  const { minute } = toLocalTime(nextMs, timeZone);
  return minute === 0 ? nextMs : nextMs + (60 - minute) * 60_000;
}
