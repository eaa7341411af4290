import type { TimeRange } from "@/lib/time-range";
import { addDays, type LocalTime, startOfDay, toInstant, toLocalTime } from "@/lib/zone-time";

/** What a range is held against. */
export const COMPARISON_IDS = ["previous", "last-month", "last-year"] as const;
/** Letter that turns a comparison on and off. */
export const COMPARE_LETTER = "x";
export type ComparisonId = (typeof COMPARISON_IDS)[number];

/** The earlier time of a range. */
export interface Comparison {
  /** Cut where the range itself stands now: a month to date is held against as much of the other month. */
  range: TimeRange;
  /** True where `range` was cut. */
  isSoFar: boolean;
  /**
   * Where an instant of the range stood then. Never runs backwards over midnights, and the shifted edges of
   * neighbouring buckets meet, so that what lies between them adds up to the whole.
   */
  toThen: (instantMs: number) => number;
}

const DAY_MS = 86_400_000;

/** Moves an instant; one that ends a day belongs to that day, one that begins a day to the next. */
type Shift = (instantMs: number, edge: "start" | "end") => number;

/**
 * The one rule for comparisons. By the calendar of the zone, never by 24 hours: a day of 23 hours is held
 * against a day of 24, and 08:30 against 08:30.
 *
 * - `previous`: as many days directly before; a range of hours is moved by its own length.
 * - `last-month`, `last-year`: the same dates. A date that the other month lacks (31st, Feb 29) stands at that
 *   month's end: nothing is counted twice.
 * - with `mustMatchWeekday` the range moves by whole weeks: the fewest that do not overlap, or those nearest to
 *   the month or year.
 * @returns null where the range lies wholly in the future: nothing of it can be compared yet
 */
export function resolveComparison(
  range: TimeRange,
  { kind, mustMatchWeekday }: { kind: ComparisonId; mustMatchWeekday: boolean },
  nowMs: number,
  timeZone: string,
): Comparison | null {
  if (nowMs <= range.fromMs) return null;
  const shift = chooseShift(range, kind, mustMatchWeekday, timeZone);
  const fromMs = shift(range.fromMs, "start");
  const wholeToMs = Math.max(fromMs, shift(range.toMs, "end"));
  const isSoFar = nowMs < range.toMs;
  const toMs = isSoFar ? clamp(shift(nowMs, "end"), fromMs, wholeToMs) : wholeToMs;
  // Only the last day of February 29 can come to nothing, and only where it is the whole range.
  if (toMs <= fromMs) return null;
  return {
    range: { fromMs, toMs },
    isSoFar,
    toThen: (instantMs) => {
      if (instantMs <= range.fromMs) return fromMs;
      return instantMs >= range.toMs ? toMs : clamp(shift(instantMs, "end"), fromMs, toMs);
    },
  };
}

function chooseShift(
  range: TimeRange,
  kind: ComparisonId,
  mustMatchWeekday: boolean,
  timeZone: string,
): Shift {
  const months = kind === "last-month" ? 1 : 12;
  if (kind === "previous") {
    const days = countDays(range, timeZone);
    if (mustMatchWeekday) {
      const length = days ?? (range.toMs - range.fromMs) / DAY_MS;
      return shiftByDays(7 * Math.ceil(length / 7), timeZone);
    }
    const lengthMs = range.toMs - range.fromMs;
    return days === null ? (instantMs) => instantMs - lengthMs : shiftByDays(days, timeZone);
  }
  const byMonths = shiftByMonths(months, timeZone);
  if (!mustMatchWeekday) return byMonths;
  const first = toLocalTime(range.fromMs, timeZone);
  const moved = toLocalTime(byMonths(range.fromMs, "start"), timeZone);
  return shiftByDays(7 * Math.round(daysBetween(moved, first) / 7), timeZone);
}

/** How many local days a range holds; null where it does not begin and end at midnight. */
function countDays({ fromMs, toMs }: TimeRange, timeZone: string): number | null {
  const from = toLocalTime(fromMs, timeZone);
  const to = toLocalTime(toMs, timeZone);
  const isWhole = startOfDay(from, timeZone) === fromMs && startOfDay(to, timeZone) === toMs;
  return isWhole ? daysBetween(from, to) : null;
}

function shiftByDays(days: number, timeZone: string): Shift {
  return (instantMs) => moveDate(instantMs, timeZone, (local) => addDays(local, -days));
}

function shiftByMonths(months: number, timeZone: string): Shift {
  return (instantMs, edge) => {
    const local = toLocalTime(instantMs, timeZone);
    const isMidnight = startOfDay(local, timeZone) === instantMs;
    if (edge === "start" || !isMidnight) {
      return moveDate(instantMs, timeZone, (date) => monthsBefore(date, months));
    }
    // The end of a range names the day after its last one: the last one is what has to be moved.
    const lastDay = monthsBefore(addDays(local, -1), months);
    return startOfDay(addDays(lastDay, lastDay.isMissing ? 0 : 1), timeZone);
  };
}

/** The same clock time of another date, seconds kept; a date that is missing there gives the end of its month. */
function moveDate(
  instantMs: number,
  timeZone: string,
  move: (local: LocalTime) => LocalTime & { isMissing?: boolean },
): number {
  const moved = move(toLocalTime(instantMs, timeZone));
  if (moved.isMissing) return startOfDay(moved, timeZone);
  const local = toLocalTime(instantMs, timeZone);
  if (startOfDay(local, timeZone) === instantMs) return startOfDay(moved, timeZone);
  return toInstant(moved, timeZone) + (instantMs % 60_000);
}

/** The same date some months before; `isMissing` where that month is too short, and then the first of the next. */
function monthsBefore(local: LocalTime, months: number): LocalTime & { isMissing: boolean } {
  const first = addDays({ ...local, day: 1, month: local.month - months }, 0);
  const moved = addDays(first, local.day - 1);
  const isMissing = moved.month !== first.month;
  const next = addDays({ ...first, month: first.month + 1 }, 0);
  return isMissing ? { ...next, isMissing } : { ...moved, isMissing };
}

function daysBetween(from: LocalTime, to: LocalTime): number {
  const asDay = ({ year, month, day }: LocalTime) => Date.UTC(year, month - 1, day);
  return Math.round((asDay(to) - asDay(from)) / DAY_MS);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
