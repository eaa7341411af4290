import type { FieldError } from "@/lib/errors";
import { EVENT_LIMITS } from "@/lib/events/event-fields";
import { parseTimestamp } from "@/lib/events/parse-timestamp";

/**
 * Reads the `timestamp` of something that was sent, and adds its fault to `errors`.
 * @param nowMs the server's clock, for the newest one
 * @returns microseconds since 1970; null where it is none
 */
export function checkTimestamp(text: string, nowMs: number, errors: FieldError[]): number | null {
  const timestampUs = parseTimestamp(text);
  if (timestampUs === null) {
    const message = "must be an RFC 3339 date-time with an offset such as 2026-11-21T10:00:00Z";
    errors.push({ path: "timestamp", message });
  } else if (timestampUs < EVENT_LIMITS.earliestUs) {
    errors.push({ path: "timestamp", message: "must not be before 2020-01-01T00:00:00Z" });
  } else if (timestampUs > nowMs * 1000 + EVENT_LIMITS.aheadUs) {
    errors.push({ path: "timestamp", message: "must be at most 24 hours ahead" });
  }
  return timestampUs;
}
