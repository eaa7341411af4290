import type { FieldError } from "@/lib/errors";
import { EVENT_LIMITS } from "@/lib/events/event-fields";

const EARLIEST_NS = BigInt(EVENT_LIMITS.earliestUs) * 1000n;

/**
 * The fault of the instant a record is counted at; the bounds are an event's.
 * @param instantNs nanoseconds since 1970; 0n: not sent; null: no such number
 */
export function checkInstant(
  instantNs: bigint | null,
  path: string,
  nowMs: number,
): FieldError | null {
  if (instantNs === null) return { path, message: "must be nanoseconds since 1970" };
  if (instantNs === 0n) return { path, message: "is required" };
  if (instantNs < EARLIEST_NS) return { path, message: "must not be before 2020-01-01T00:00:00Z" };
  const latestNs = BigInt(Math.floor(nowMs * 1000) + EVENT_LIMITS.aheadUs) * 1000n;
  return instantNs > latestNs ? { path, message: "must be at most 24 hours ahead" } : null;
}
