import type { Db } from "@/db/postgres";
import { listSpools } from "@/db/queries/integrity-counters";
import type { Log } from "@/lib/log";
import { createPeerWatch } from "@/lib/reservations/watch-peers";
import type { Freshness } from "@/lib/runtime";

/**
 * Makes what tells up to when everything that any live process accepted is counted and in the calls: what a generation
 * waits for. As for holds, who lives is told by whether its row moves and not by its clock: a process whose clock is
 * minutes behind would be taken for gone, what it still writes would be in no sum, and the counters too low.
 * @param options.own this process's own @param options.hasOthers false where no other process can be
 */
export function watchSettled(options: {
  db: Db;
  log: Log;
  own: () => Freshness & { spoolId: string };
  hasOthers: boolean;
  now?: () => number;
}): () => Promise<Freshness | null> {
  const { db, log, own, hasOthers, now = Date.now } = options;
  const peers = createPeerWatch();
  return async () => {
    const { spoolId, events, freshToMs } = own();
    if (!hasOthers) return { events, freshToMs };
    try {
      const nowMs = now();
      const others = (await listSpools(db)).filter(
        (peer) => peer.id !== spoolId && peers.isLive(peer, nowMs),
      );
      return {
        events: others.reduce((sum, { backlogEvents }) => sum + backlogEvents, events),
        freshToMs: Math.min(freshToMs, ...others.map(({ freshTo }) => freshTo.getTime())),
      };
    } catch (error) {
      log.warn({ err: error }, "how far other processes are cannot be asked just now");
      // Not known is not the same as nothing behind.
      return null;
    }
  };
}
