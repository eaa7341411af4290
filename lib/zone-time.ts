/**
 * Calendar and clock of an IANA zone, on `Intl` alone, so that the browser and Node share it.
 * Instants are milliseconds since 1970 (UTC); local times have no zone of their own.
 */
import { RecentMap } from "@/lib/recent-map";

/** A local date and time; `month` counts from 1. Values may run over (day 0 is the last of the month before). */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const DAY_MS = 86_400_000;
/** A formatter takes a tenth of a millisecond to make. Names come from clients, in any case: bounded. */
const formatters = new RecentMap<Intl.DateTimeFormat>(200);

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  return formatters.getOrMake(
    timeZone,
    () =>
      new Intl.DateTimeFormat("en-US", {
        timeZone,
        calendar: "iso8601",
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      }),
  );
}

/** Local time of an instant. @throws RangeError for an unknown zone. */
export function toLocalTime(instantMs: number, timeZone: string): LocalTime {
  // A month of days asks this two hundred times, and UTC needs no table.
  if (timeZone === "UTC" && isInstant(instantMs)) return toUtcTime(new Date(instantMs));
  const parts = new Map<string, number>();
  for (const part of formatterOf(timeZone).formatToParts(instantMs)) {
    parts.set(part.type, Number(part.value));
  }
  return {
    year: parts.get("year") ?? 0,
    month: parts.get("month") ?? 0,
    day: parts.get("day") ?? 0,
    hour: parts.get("hour") ?? 0,
    minute: parts.get("minute") ?? 0,
  };
}

/** The zone's distance from UTC at an instant, in milliseconds, east positive (whole minutes). */
export function offsetMs(instantMs: number, timeZone: string): number {
  const minuteMs = Math.floor(instantMs / 60_000) * 60_000;
  return asUtc(toLocalTime(minuteMs, timeZone)) - minuteMs;
}

/**
 * Instant of a local time. Where the clock shows it twice, the first; where it skips it, the moment
 * after the skip: a day whose midnight does not exist begins when its clock does.
 */
export function toInstant(local: LocalTime, timeZone: string): number {
  const wall = asUtc(local);
  const before = wall - offsetMs(wall - DAY_MS, timeZone);
  const after = wall - offsetMs(wall + DAY_MS, timeZone);
  const guesses = before === after ? [before] : [before, after];
  const matches = guesses.filter((ms) => ms + offsetMs(ms, timeZone) === wall);
  return matches.length > 0 ? Math.min(...matches) : before;
}

/** Midnight that begins the local day of `local`. */
export function startOfDay(local: LocalTime, timeZone: string): number {
  return toInstant({ ...local, hour: 0, minute: 0 }, timeZone);
}

/** The same clock time some days later (or earlier), by the calendar and not by 24 hours. */
export function addDays(local: LocalTime, days: number): LocalTime {
  return toUtcTime(new Date(asUtc({ ...local, day: local.day + days })));
}

/** ISO weekday, Monday 1 to Sunday 7. */
export function weekdayOf(local: LocalTime): number {
  return new Date(asUtc(local)).getUTCDay() || 7;
}

/** `2026-11-21`. */
export function formatLocalDate(local: LocalTime): string {
  return `${String(local.year).padStart(4, "0")}-${pad(local.month)}-${pad(local.day)}`;
}

/** `2026-11-21 09:05`. */
export function formatLocalMinute(local: LocalTime): string {
  return `${formatLocalDate(local)} ${pad(local.hour)}:${pad(local.minute)}`;
}

/** `UTC+5:45`, `UTC−3`, `UTC`. */
export function formatOffset(instantMs: number, timeZone: string): string {
  const minutes = offsetMs(instantMs, timeZone) / 60_000;
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${pad(size % 60)}`;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / 60)}${rest}`;
}

function toUtcTime(date: Date): LocalTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** `Intl` throws for what no `Date` can hold. */
function isInstant(instantMs: number): boolean {
  return !Number.isNaN(new Date(instantMs).getTime());
}

function asUtc(local: LocalTime): number {
  return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
