/** How often something may fail in a span of time before it is refused unseen. */
export interface AttemptLimiter {
  /** Seconds until these keys may try again; 0 when they may now. */
  waitSeconds(limits: readonly AttemptLimit[]): number;
  /** Notes a failure of each. */
  noteFailure(limits: readonly AttemptLimit[]): void;
  /** Takes one noted failure of each back: it was none after all. */
  takeBack(limits: readonly AttemptLimit[]): void;
}

/** One counted thing and how many failures it may have in the span. */
export interface AttemptLimit {
  key: string;
  maxFailures: number;
}

const SPAN_MS = 15 * 60 * 1000;
/** A guesser who makes keys up costs us this many entries and no more. */
const MAX_KEYS = 20_000;

/** Counts failures in fixed spans, in memory: a restart forgives, and a few processes allow a few times as much. */
export function createAttemptLimiter(now: () => number = Date.now): AttemptLimiter {
  const failures = new Map<string, { count: number; endsMs: number }>();

  function current(key: string) {
    const entry = failures.get(key);
    if (!entry || entry.endsMs > now()) return entry;
    failures.delete(key);
    return undefined;
  }

  return {
    waitSeconds(limits) {
      const waits = limits.map(({ key, maxFailures }) => {
        const entry = current(key);
        return entry && entry.count >= maxFailures ? entry.endsMs - now() : 0;
      });
      return Math.ceil(Math.max(0, ...waits) / 1000);
    },
    noteFailure(limits) {
      for (const { key } of limits) {
        const entry = current(key);
        if (entry) {
          entry.count += 1;
          continue;
        }
        if (failures.size >= MAX_KEYS) {
          const oldest = failures.keys().next().value;
          if (oldest !== undefined) failures.delete(oldest);
        }
        failures.set(key, { count: 1, endsMs: now() + SPAN_MS });
      }
    },
    takeBack(limits) {
      for (const { key } of limits) {
        const entry = current(key);
        if (entry) entry.count -= 1;
      }
    },
  };
}
