import type { Db } from "@/db/postgres";
import { addToBudgetCounters, lockBudgetCounters } from "@/db/queries/budget-counters";
import { listSpools, type SpoolRow } from "@/db/queries/integrity-counters";
import {
  expireReservationRows,
  findOverdueReservations,
  lockReservations,
} from "@/db/queries/settlements";
import { CounterMoves } from "@/lib/budgets/counter-moves";
import { giveBack, readReservations } from "@/lib/budgets/plan-counts";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { CLOCK_SKEW_MS } from "@/lib/integrity/find-unsettled";
import type { Hold } from "@/lib/reservations/hold";
import type { PeerWatch } from "@/lib/reservations/watch-peers";

/** Ended in one transaction: decisions wait for its locks. */
const BATCH = 200;

/** This process's own spool, which it knows to the event. */
export interface OwnCounted {
  spoolId: string;
  /** Milliseconds since 1970. */
  countedToMs: number;
}

export interface ExpiryContext {
  db: Db;
  policy: PolicyHolder;
  own: () => OwnCounted;
  peers: PeerWatch;
  now: () => number;
}

/**
 * Ends reservations whose time is over, as far as it is certain that no event of theirs was accepted in time and waits
 * to be counted. What `enforce` and `observe` hold is given back. What `strict` holds is presumed spent: whoever
 * reserved it may have made the call, and only its event, a DELETE or an admin says otherwise.
 * @returns how many ended; and whether there may be more at once
 */
export async function expireReservations(
  context: ExpiryContext,
): Promise<{ ended: number; hasMore: boolean }> {
  const { db, policy } = context;
  const horizon = new Date(await findHorizonMs(context));
  const overdue = await findOverdueReservations(db, horizon, BATCH);
  if (overdue.length === 0) return { ended: 0, hasMore: false };
  const ended = await db.transaction(async (tx) => {
    const { budgets } = await policy.hold(tx);
    const byId = new Map(budgets.map((budget) => [budget.id, budget]));
    const planned = new CounterMoves();
    for (const { holds } of readReservations(overdue).values()) {
      giveBack(planned, byId, holds.filter(isGivenBack));
    }
    await lockBudgetCounters(tx, planned.keys());
    // Settled, released or renewed meanwhile: those are none of ours any more. What is held never changes.
    const locked = (await lockReservations(tx, overdue)).filter(
      ({ state, expiresAt }) => state === "held" && expiresAt <= horizon,
    );
    const [moves, expired, presumed] = [
      new CounterMoves(),
      [] as typeof locked,
      [] as typeof locked,
    ];
    for (const { row, holds } of readReservations(locked).values()) {
      giveBack(moves, byId, holds.filter(isGivenBack));
      (holds.every(isGivenBack) ? expired : presumed).push(row);
    }
    await addToBudgetCounters(tx, moves.list());
    await expireReservationRows(tx, "expired", expired);
    await expireReservationRows(tx, "presumed", presumed);
    return locked.length;
  });
  return { ended, hasMore: overdue.length === BATCH };
}

function isGivenBack({ mode }: Hold): boolean {
  return mode !== "strict";
}

/**
 * Up to when every live process has counted all it accepted, by this process's clock.
 *
 * A process that was not heard of for a minute is not waited for, whatever its spool still holds: nobody knows whether
 * it comes back, and waiting would keep every hold of the installation for ever, that is, refuse calls for which there
 * is headroom. What is risked is small and said: a hold of `enforce` is an estimate, and an event of it that turns up
 * later counts in full, in the hold's period; a `strict` one is kept either way. A process that restarts knows its own
 * spool before it decides anything, so a crash of the only process there is loses nothing.
 */
async function findHorizonMs({ db, own, peers, now }: ExpiryContext): Promise<number> {
  // Its own first: what it says was counted before the others are asked.
  const { spoolId, countedToMs } = own();
  const nowMs = now();
  const others = (await listSpools(db)).filter(
    (peer) => peer.id !== spoolId && peers.isLive(peer, nowMs),
  );
  return Math.min(nowMs, countedToMs, ...others.map(countedToOf));
}

/** By another machine's clock, which may be ahead. One of an earlier version tells only what is in both stores. */
function countedToOf({ countedTo, freshTo }: SpoolRow): number {
  return (countedTo ?? freshTo).getTime() - CLOCK_SKEW_MS;
}
