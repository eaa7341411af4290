import { NO_AMOUNTS } from "@/lib/budgets/budget";
import type { Counter } from "@/lib/reservations/counter-book";

/**
 * Counters as the last groups of this process left them. The next group decides by them without asking; whether they are
 * still the stored ones is looked at under their locks, before anything is written.
 */
export interface KeptCounters {
  /**
   * Takes counters out, so that a group whose transaction fails, or ends when nobody waits for it any more, leaves none
   * behind that says what never was.
   * @returns null where one of them is not kept, or all are too old to be tried
   */
  takeOut(names: Iterable<string>): Counter[] | null;
  /** Keeps what a committed group decided by. @param rowVersion of those that it moved */
  putBack(counters: Iterable<Counter>, rowVersion: string): void;
  /** Keeps none any more: after a failure the next who answers may be another server, or one put back. */
  forgetAll(): void;
}

/** Names come from clients, so they are bounded. */
const MAX_KEPT = 10_000;
/**
 * PostgreSQL may have been put back to an earlier state while nobody asked, and number its transactions as it did before:
 * that takes longer than this.
 */
const TRIED_FOR_MS = 1_000;
/** A row version comes again after 2^32 transactions: not within an hour. */
const MAX_AGE_MS = 3_600_000;

/** Makes a keeper that knows nothing yet. @param now milliseconds of any clock that never goes back */
export function createKeptCounters(now: () => number = () => performance.now()): KeptCounters {
  const kept = new Map<string, { counter: Counter; keptAtMs: number }>();
  let keptAtMs = Number.NEGATIVE_INFINITY;
  return {
    takeOut(names) {
      if (now() - keptAtMs > TRIED_FOR_MS) kept.clear();
      const found: Counter[] = [];
      for (const name of names) {
        const known = kept.get(name);
        if (!known || now() - known.keptAtMs > MAX_AGE_MS) return null;
        found.push(known.counter);
      }
      for (const { name } of found) kept.delete(name);
      return found;
    },
    putBack(counters, rowVersion) {
      keptAtMs = now();
      for (const counter of counters) {
        const { isTouched } = counter;
        const moved = isTouched
          ? { rowVersion, isTouched: false, taken: { ...NO_AMOUNTS } }
          : undefined;
        kept.set(counter.name, { counter: { ...counter, ...moved }, keptAtMs });
      }
      for (const name of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(name);
      }
    },
    forgetAll: () => kept.clear(),
  };
}
