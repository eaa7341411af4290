import type { Db } from "@/db/postgres";
import { addToBudgetCounters, lockBudgetCounters } from "@/db/queries/budget-counters";
import {
  findReservation,
  lockReservation,
  markReleased,
  type ReservationKey,
} from "@/db/queries/reservations";
import type { Policy, PolicyHolder } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import { type Hold, holdsSchema } from "@/lib/reservations/hold";

/** How a reservation stands. */
export interface ReleaseAnswer {
  reservation_id: string;
  state: "settled" | "released" | "expired";
}

/**
 * Gives everything back that a reservation holds, also what is presumed spent. Asked again, or of one that holds nothing
 * any more, it changes nothing and says how it ended.
 * @throws OutlayError `not_found`
 */
export function releaseReservation(
  key: ReservationKey,
  deps: { db: Db; policies: PolicyHolder; now?: () => number },
): Promise<ReleaseAnswer> {
  return deps.db.transaction(async (tx) => {
    const policy = await deps.policies.hold(tx);
    // Holds never change, so which counters to lock is known before the row is: counters come first everywhere.
    const seen = await findReservation(tx, key);
    if (!seen) throw new OutlayError("not_found", "There is no such reservation.");
    const moves = movesOf(holdsSchema.parse(seen.holds), policy);
    await lockBudgetCounters(tx, moves);
    const row = await lockReservation(tx, key);
    if (row?.state !== "held" && row?.state !== "presumed") {
      const state = row?.state === "settled" || row?.state === "expired" ? row.state : "released";
      return { reservation_id: key.id, state };
    }
    // When it was presumed spent, its holds of `enforce` budgets were given back.
    const isHeld = row.state === "held";
    const open = moves.filter(({ mode }) => isHeld || mode === "strict");
    await addToBudgetCounters(
      tx,
      open.map(({ mode, ...move }) => move),
    );
    await markReleased(tx, key, new Date((deps.now ?? Date.now)()));
    return { reservation_id: key.id, state: "released" };
  });
}

/** What goes back to the counters in use; a budget that is gone has none. */
function movesOf(holds: readonly Hold[], { budgets }: Policy) {
  return holds.flatMap((hold) => {
    const budget = budgets.find(({ id }) => id === hold.budget_id);
    if (!budget || budget.generation === 0) return [];
    return [
      {
        budgetId: budget.id,
        generation: budget.generation,
        value: hold.value,
        period: hold.period,
        mode: hold.mode,
        reservedUsd: hold.usd === "0" ? "0" : `-${hold.usd}`,
        reservedTokens: `-${hold.tokens}`,
        reservedCalls: `-${hold.calls}`,
        reservedToolCalls: `-${hold.tool_calls}`,
      },
    ];
  });
}
