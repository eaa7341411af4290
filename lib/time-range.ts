import { addDays, formatLocalDate, startOfDay, toInstant, toLocalTime } from "@/lib/zone-time";

/**
 * Ranges of time as a person chooses them. A relative range stays relative in the URL ("7d" tomorrow is
 * another week); it becomes instants only when a question is asked. Ranges are half-open: [from, to).
 */

/** One table: the menu, the keyboard listener and the URL all read it. */
export const RANGE_PRESETS = [
  { id: "today", letter: "d", label: "Today" },
  { id: "yesterday", letter: "e", label: "Yesterday" },
  { id: "7d", letter: "w", label: "Last 7 days" },
  { id: "30d", letter: "t", label: "Last 30 days" },
  { id: "month", letter: "m", label: "Month to date" },
  { id: "last-month", letter: "p", label: "Last month" },
  { id: "year", letter: "y", label: "Year to date" },
] as const;

/** Letter that opens the custom range. */
export const CUSTOM_RANGE_LETTER = "c";

export type RangePreset = (typeof RANGE_PRESETS)[number]["id"];
export const RANGE_IDS = [...RANGE_PRESETS.map((preset) => preset.id), "custom"] as const;
export const DEFAULT_RANGE: RangePreset = "30d";

/**
 * What the URL says. `from` and `to` count for `custom` only: local dates (`2026-11-21`, `to` included)
 * or local times (`2026-11-21T14:00`, `to` excluded) of the organisation's zone.
 */
export interface RangeChoice {
  range: RangePreset | "custom";
  from: string | null;
  to: string | null;
}

/** Instants in milliseconds, `toMs` excluded. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}

export const INTERVALS = ["hour", "day", "week", "month"] as const;
export type Interval = (typeof INTERVALS)[number];

/**
 * Turns a choice into instants of the zone. A preset that holds today runs to the end of today, so that
 * the same question is asked all day and the running bucket has its full width.
 * A custom range that cannot be read becomes the default range.
 */
export function resolveRange(choice: RangeChoice, nowMs: number, timeZone: string): TimeRange {
  if (choice.range === "custom") {
    const fromMs = readEdge(choice.from, timeZone, 0);
    const toMs = readEdge(choice.to, timeZone, 1);
    if (fromMs !== null && toMs !== null && fromMs < toMs) return { fromMs, toMs };
    return resolvePreset(DEFAULT_RANGE, nowMs, timeZone);
  }
  return resolvePreset(choice.range, nowMs, timeZone);
}

function resolvePreset(preset: RangePreset, nowMs: number, timeZone: string): TimeRange {
  const today = toLocalTime(nowMs, timeZone);
  const edge = (days: number) => startOfDay(addDays(today, days), timeZone);
  const firstOf = (year: number, month: number) =>
    startOfDay(addDays({ year, month, day: 1, hour: 0, minute: 0 }, 0), timeZone);
  const endMs = edge(1);
  switch (preset) {
    case "today":
      return { fromMs: edge(0), toMs: endMs };
    case "yesterday":
      return { fromMs: edge(-1), toMs: edge(0) };
    case "7d":
      return { fromMs: edge(-6), toMs: endMs };
    case "30d":
      return { fromMs: edge(-29), toMs: endMs };
    case "month":
      return { fromMs: firstOf(today.year, today.month), toMs: endMs };
    case "last-month":
      return {
        fromMs: firstOf(today.year, today.month - 1),
        toMs: firstOf(today.year, today.month),
      };
    case "year":
      return { fromMs: firstOf(today.year, 1), toMs: endMs };
  }
}

const EDGE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/;

/** @param daysAfter 1 for the last day of a range of dates, which is included. */
function readEdge(text: string | null, timeZone: string, daysAfter: 0 | 1): number | null {
  const match = EDGE.exec(text ?? "");
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const local = { year, month, day, hour: hour ?? 0, minute: minute ?? 0 };
  if (formatLocalDate(addDays(local, 0)) !== formatLocalDate(local)) return null;
  if (match[4] !== undefined) return toInstant(local, timeZone);
  return startOfDay(addDays(local, daysAfter), timeZone);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The one rule for bins: up to 48 hours by hour, up to 40 days by day, up to 52 weeks by week, else by
 * month. An hour is allowed for the day that a clock change makes longer.
 */
export function chooseInterval(range: TimeRange): Interval {
  const lengthMs = range.toMs - range.fromMs - HOUR_MS;
  if (lengthMs <= 48 * HOUR_MS) return "hour";
  if (lengthMs <= 40 * DAY_MS) return "day";
  if (lengthMs <= 52 * 7 * DAY_MS) return "week";
  return "month";
}

/** Bins a person may choose for a range: no more than 400 buckets, which is more than a chart can show. */
export function listIntervals(range: TimeRange): Interval[] {
  const lengthMs = range.toMs - range.fromMs;
  const stepMs = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
  return INTERVALS.filter((interval) => lengthMs / stepMs[interval] <= 400);
}

/** The next shorter preset, offered when an answer is slow; null when nothing is shorter. */
export function shorterPreset(range: TimeRange): RangePreset | null {
  const days = (range.toMs - range.fromMs) / DAY_MS;
  if (days > 31) return "30d";
  if (days > 8) return "7d";
  if (days > 1.5) return "today";
  return null;
}

/** Writes an instant as a local edge of a custom range (`2026-11-21T14:00`). */
export function formatEdge(instantMs: number, timeZone: string): string {
  const local = toLocalTime(instantMs, timeZone);
  const clock = [local.hour, local.minute].map((part) => String(part).padStart(2, "0")).join(":");
  return `${formatLocalDate(local)}T${clock}`;
}

/** The dates of a range in words: `Oct 24 – Nov 22, 2026`; one day is said once. */
export function describeRange(range: TimeRange, timeZone: string): string {
  const isWholeDays =
    startOfDay(toLocalTime(range.fromMs, timeZone), timeZone) === range.fromMs &&
    startOfDay(toLocalTime(range.toMs, timeZone), timeZone) === range.toMs;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    ...(isWholeDays ? {} : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  });
  // The thin spaces that ICU puts around the dash differ between Node and browsers.
  return format.formatRange(range.fromMs, range.toMs - (isWholeDays ? 1 : 0)).replace(/\s+/g, " ");
}
