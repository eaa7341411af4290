import type { Budget, CallTags } from "@/lib/budgets/budget";
import { UNTAGGED } from "@/lib/budgets/match-budget";
import { bucketAround } from "@/lib/calendar/list-bucket-starts";
import { RecentMap } from "@/lib/recent-map";
import { addDays, startOfDay, toInstant, toLocalTime, weekdayOf } from "@/lib/zone-time";

/** A calendar window's period: ms since 1970, `endMs` excluded. */
export interface CalendarPeriod {
  startMs: number;
  endMs: number;
}

/** What a period depends on. */
export type PeriodRule = Pick<Budget, "window" | "timeZone" | "weekStart" | "monthDay">;

/** The last period of each rule: thousands of events in a row lie in the same one, and calendars are slow. */
const lastPeriods = new RecentMap<NamedPeriod[]>(1_000);

interface NamedPeriod extends CalendarPeriod {
  name: string;
}

/**
 * The calendar period that holds an instant, in the budget's own zone. null: the window is no calendar's.
 * Days have 23 to 25 hours where the clocks change; a month that begins on a day it does not have begins on its last.
 */
export function calendarPeriodOf(rule: PeriodRule, instantMs: number): CalendarPeriod | null {
  return findPeriod(rule, instantMs);
}

function findPeriod(rule: PeriodRule, instantMs: number): NamedPeriod | null {
  const { window } = rule;
  if (window === "request" || window === "trace" || window === "session") return null;
  const key = `${window} ${rule.timeZone} ${rule.weekStart} ${rule.monthDay}`;
  const known = lastPeriods.getOrMake(key, () => []);
  const hit = known.find(({ startMs, endMs }) => startMs <= instantMs && instantMs < endMs);
  if (hit) return hit;
  const period = makePeriod(rule, instantMs);
  const made = { ...period, name: periodName(period.startMs) };
  if (known.length >= 4) known.shift();
  known.push(made);
  return made;
}

function makePeriod(rule: PeriodRule, instantMs: number): CalendarPeriod {
  const { window, timeZone, weekStart, monthDay } = rule;
  if (window === "hour" || window === "day") return bucketAround(instantMs, window, timeZone);
  const local = toLocalTime(instantMs, timeZone);
  if (window === "week") {
    const first = addDays(local, -((weekdayOf(local) - weekStart + 7) % 7));
    return {
      startMs: startOfDay(first, timeZone),
      endMs: startOfDay(addDays(first, 7), timeZone),
    };
  }
  const begins = (month: number) => {
    const lastDay = addDays({ ...local, month: month + 1, day: 1 }, -1).day;
    const start = { year: local.year, month, day: Math.min(monthDay, lastDay), hour: 0, minute: 0 };
    return toInstant(start, timeZone);
  };
  const thisMs = begins(local.month);
  return instantMs < thisMs
    ? { startMs: begins(local.month - 1), endMs: thisMs }
    : { startMs: thisMs, endMs: begins(local.month + 1) };
}

/**
 * The name of the period in which a call counts: when it began, as RFC 3339 in UTC, or the id of its session or trace.
 * Calls without one share a period that never ends, so that leaving it out evades nothing. null: window `request`.
 */
export function periodOf(
  rule: PeriodRule,
  tags: Pick<CallTags, "session" | "traceId">,
  instantMs: number,
): string | null {
  if (rule.window === "request") return null;
  if (rule.window === "session") return tags.session ?? UNTAGGED;
  if (rule.window === "trace") return tags.traceId ?? UNTAGGED;
  return findPeriod(rule, instantMs)?.name ?? null;
}

/** `2026-11-01T00:00:00Z`. */
export function periodName(startMs: number): string {
  return `${new Date(startMs).toISOString().slice(0, 19)}Z`;
}
