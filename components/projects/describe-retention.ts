import { formatCount, formatQuantity } from "@/lib/format";

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

/** How long calls are kept, as typed: empty is for ever. */
export type TypedDays = { days: number | null } | { fault: string };

/** Reads the number of days from a field. Empty: kept for ever. */
export function readDays(text: string): TypedDays {
  const trimmed = text.trim();
  if (trimmed === "") return { days: null };
  const days = /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : 0;
  if (days >= 1 && days <= MAX_DAYS) return { days };
  return { fault: `A whole number of days from 1 to ${formatCount(MAX_DAYS)}, or nothing.` };
}

/** "Calls kept for ever", "Calls kept for 90 days". */
export function describeRetention(days: number | null): string {
  return days === null ? "Calls kept for ever" : `Calls kept for ${formatQuantity(days, "day")}`;
}

/**
 * The first UTC day (`YYYY-MM-DD`) whose calls stay when `days` days are kept; whole days expire.
 * @param nowMs since 1970
 */
export function firstKeptDay(days: number, nowMs: number): string {
  return new Date(Math.floor(nowMs / DAY_MS) * DAY_MS - days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether a change deletes calls that would have stayed: that takes a second look. */
export function isShorter(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}
