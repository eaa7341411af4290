import type { Freshness } from "@/lib/runtime";

/** How old a moment is where nobody says what is still on its way: the spools are seconds behind, on a bad day. */
const UNKNOWN_BACKLOG_MS = 10_000;

/**
 * The newest moment of which everything is queryable, in microseconds since 1970. At any later one, an event that was
 * accepted before it could still appear between two pages. A process that is gone is not waited for: what it left comes
 * when it is back, as a late event does.
 */
export function chooseMoment(freshness: Freshness | null, nowMs: number): number {
  const momentMs = freshness ? Math.min(nowMs, freshness.freshToMs) : nowMs - UNKNOWN_BACKLOG_MS;
  return Math.floor(momentMs) * 1000;
}
