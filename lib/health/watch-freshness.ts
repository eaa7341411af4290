import type { Db } from "@/db/postgres";
import { sumOtherSpools } from "@/db/queries/health";
import { LIVE_MS } from "@/lib/integrity/find-unsettled";
import type { Log } from "@/lib/log";
import type { Freshness } from "@/lib/runtime";

/**
 * Makes what tells how far the figures reach. A process knows its own spool to the event; of the others it is what they
 * told last (at most five seconds ago while they are idle), so it is never ahead of them. One that was not heard of for
 * a minute is not waited for, or its end would stop the clock of all: its events are in `events`, and Integrity names it.
 * @param options.own this process's spool; null in a role without one
 * @param options.hasOthers false where no other process can be, with an embedded store
 */
export function watchFreshness(options: {
  db: Db;
  log: Log;
  own: () => (Freshness & { spoolId: string }) | null;
  hasOthers: boolean;
  now?: () => number;
}): () => Promise<Freshness | null> {
  const { db, log, own, hasOthers, now = Date.now } = options;
  return async () => {
    if (!hasOthers) return own();
    const mine = own();
    try {
      const others = await sumOtherSpools(db, mine?.spoolId ?? null, new Date(now() - LIVE_MS));
      const told = [mine?.freshToMs, others.freshTo?.getTime()].filter((ms) => ms !== undefined);
      if (told.length === 0) return null;
      return { events: (mine?.events ?? 0) + others.events, freshToMs: Math.min(...told) };
    } catch (error) {
      log.warn({ err: error }, "how far other processes are cannot be asked just now");
      // Not known is not the same as nothing behind.
      return null;
    }
  };
}
