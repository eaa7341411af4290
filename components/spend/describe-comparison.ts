import type { Comparison } from "@/lib/comparison-range";
import { describeRange } from "@/lib/time-range";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/**
 * What the range is held against, in words. It says so where the events begin within or after that time: an increase
 * against days that nothing was sent on is none.
 * @param firstEventAt the oldest event's time, RFC 3339; null where it is not known
 */
export function describeComparison(
  comparison: Comparison | null,
  firstEventAt: string | null,
  timeZone: string,
): string {
  if (comparison === null) return "nothing of this range can be compared yet";
  const { range, isSoFar } = comparison;
  const dates = `against ${describeRange(range, timeZone)}${isSoFar ? ", as far as now" : ""}`;
  const firstMs = firstEventAt === null ? Number.NEGATIVE_INFINITY : Date.parse(firstEventAt);
  if (firstMs <= range.fromMs) return dates;
  const day = formatLocalDate(toLocalTime(firstMs, timeZone));
  const isLater = firstMs >= range.toMs;
  return `${dates}; ${isLater ? "nothing was received before" : "events only from"} ${day}${isLater ? "" : " on"}`;
}
