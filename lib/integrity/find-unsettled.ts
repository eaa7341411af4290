import type { SpoolRow } from "@/db/queries/integrity-counters";

/** A process that has not been heard of for so long is gone. */
export const LIVE_MS = 60_000;
/** A process may go on writing calls for so long after it was last heard of (the counters' store out of its reach). */
const GONE_MARGIN_MS = 600_000;
/** How far the clocks of two machines may be apart. */
export const CLOCK_SKEW_MS = 5_000;

/** A process that may hold events which one store has and the other has not. */
export interface Unsettled {
  spool: SpoolRow;
  isGone: boolean;
}

/**
 * Why a difference that was read at `readAtMs`, and is the same now, may still be events on their way. Null: it is none.
 *
 * A process that lives must have written and counted everything it accepted before that moment. Of one that is gone,
 * nothing will come until it is back; it matters where a bucket last changed while it may have been the one to do so:
 * after what it had counted for certain and not long after it was last heard of.
 *
 * @param changesMs when each writer last changed the buckets in question, and their counters; ms since 1970.
 */
export function findUnsettled(
  spools: readonly SpoolRow[],
  asked: { readAtMs: number; nowMs: number; changesMs: readonly number[] },
): Unsettled | null {
  for (const spool of spools) {
    const seenMs = spool.seenAt.getTime();
    const settledMs = settledTo(spool);
    if (seenMs >= asked.nowMs - LIVE_MS) {
      if (settledMs <= asked.readAtMs + CLOCK_SKEW_MS) return { spool, isGone: false };
      continue;
    }
    const from = settledMs - CLOCK_SKEW_MS;
    const to = seenMs + GONE_MARGIN_MS;
    if (asked.changesMs.some((at) => at > from && at <= to)) return { spool, isGone: true };
  }
  return null;
}

/** Everything this process accepted up to then is in the calls store and counted; ms since 1970. */
function settledTo(spool: SpoolRow): number {
  return Math.min(spool.freshTo.getTime(), spool.seenAt.getTime());
}
