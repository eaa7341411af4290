import type { SenderStatus } from "./queue/sender.ts";

/** How the guard stands. */
export interface OutlayStatus {
  instanceId: string;
  policy: {
    /**
     * `live`: pushed. `polling`: asked for every few seconds. `stale`: the last one stands, for
     * `policyMaxAgeSeconds`. `failed_open`, `failed_closed`: it stands no longer, and calls are let through or refused.
     */
    state:
      | "connecting"
      | "live"
      | "polling"
      | "stale"
      | "failed_open"
      | "failed_closed"
      | "disabled";
    /** Since when it is in this state, RFC 3339. */
    since: string;
    version: number | null;
    /** When it was last confirmed, RFC 3339. */
    confirmedAt: string | null;
    /** Calls that were let through, and refused, as nobody could be asked. */
    letThrough: number;
    refused: number;
    lastError: string | null;
  };
  /** Calls under way. */
  activeCalls: number;
  events: SenderStatus;
  outcomes: SenderStatus;
  /** Events of earlier processes that wait to be sent. */
  spooled: number;
  agents: { agent: string; state: string }[];
  heartbeatError: string | null;
  /** Faults of the guard itself: they never reach a caller. */
  faults: number;
  lastFault: string | null;
}
