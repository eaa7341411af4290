import { eventsOfDay } from "@/lib/demo/demo-fleet";
import type { DemoEvent } from "@/lib/demo/demo-run";

/** The project that the demo's events go into: marked, so that it can be removed. */
export const DEMO_PROJECT = { slug: "demo", name: "Demo", is_demo: true } as const;
/** Whole days before today. */
export const DEMO_DAYS = 30;
/** Events of a request: small enough that a slow line shows progress. */
const BATCH = 1_000;
const DAY_MS = 86_400_000;

/** Some events of the demo's month, in order of time, and how far they bring it. */
export interface DemoBatch {
  events: DemoEvent[];
  /** Days whose last event this brings, today included. */
  daysDone: number;
}

/**
 * The demo's last days up to now, a request at a time. The same day has the same events with the same ids, so that
 * sending it again changes no figure, and later adds what came since.
 */
export function* batchesOfMonth(nowMs: number, days = DEMO_DAYS): Generator<DemoBatch> {
  for (let back = days; back >= 0; back -= 1) {
    const day = new Date(nowMs - back * DAY_MS).toISOString().slice(0, 10);
    const events = eventsOfDay(day).filter(({ timestamp }) => Date.parse(timestamp) <= nowMs);
    for (let from = 0; from < events.length; from += BATCH) {
      const isLast = from + BATCH >= events.length;
      yield { events: events.slice(from, from + BATCH), daysDone: days - back + (isLast ? 1 : 0) };
    }
  }
}
