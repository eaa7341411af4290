import { LIVE_MS } from "@/lib/integrity/find-unsettled";

/** Tells which of the other processes live, whatever their clocks say. */
export interface PeerWatch {
  /**
   * @param peer its row as it is now; `seenAt` by its own clock
   * @param nowMs by ours, ms since 1970
   */
  isLive(peer: { id: string; seenAt: Date }, nowMs: number): boolean;
}

/** No clock is as far from another one: what was last seen before is of an earlier life of the installation. */
const MAX_CLOCKS_APART_MS = 600_000;

/**
 * A process that lives writes its row every few seconds. So one is gone when its row was the same for a minute by our own
 * clock: held against our clock, what it wrote by its own would make a live one gone whose clock is behind, and its holds
 * would end before their time.
 */
export function createPeerWatch(): PeerWatch {
  const rows = new Map<string, { seenMs: number; sinceMs: number }>();
  return {
    isLive({ id, seenAt }, nowMs) {
      const seenMs = seenAt.getTime();
      if (seenMs <= nowMs - LIVE_MS - MAX_CLOCKS_APART_MS) return false;
      const known = rows.get(id);
      if (known?.seenMs === seenMs) return nowMs - known.sinceMs < LIVE_MS;
      rows.set(id, { seenMs, sinceMs: nowMs });
      return true;
    },
  };
}
