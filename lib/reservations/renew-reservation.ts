import type { Db } from "@/db/postgres";
import { readBudgetCounters } from "@/db/queries/budget-counters";
import { extendReservation, findReservation, type ReservationKey } from "@/db/queries/reservations";
import type { Policy, PolicyHolder } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import { holdsSchema } from "@/lib/reservations/hold";
import { explainLock, type Fault } from "@/lib/reservations/judge-target";

interface RenewDeps {
  db: Db;
  policies: Pick<PolicyHolder, "read">;
  now?: () => number;
}

/**
 * Holds a reservation for `ttlSeconds` from now, if that is longer. One statement on its row, so that it either still
 * holds or has ended. What was allowed before a lockout may end as it was allowed; it is not allowed anew.
 * @throws OutlayError `not_found`; `conflict` for one that holds nothing any more, or whose budget is locked
 */
export async function renewReservation(
  key: ReservationKey,
  ttlSeconds: number,
  { db, policies, now = Date.now }: RenewDeps,
): Promise<{ reservation_id: string; expires_at: string }> {
  const known = await findReservation(db, key);
  if (known?.state === "held") {
    const locked = await findLock(db, await policies.read(db), known, now());
    if (locked) throw new OutlayError("conflict", `This is not held any longer. ${locked.message}`);
  }
  const expiresAt = await extendReservation(db, key, new Date(now() + ttlSeconds * 1000));
  if (expiresAt) return { reservation_id: key.id, expires_at: expiresAt.toISOString() };
  const row = await findReservation(db, key);
  if (!row) throw new OutlayError("not_found", "There is no such reservation.");
  throw new OutlayError("conflict", `This reservation holds nothing any more: it is ${row.state}.`);
}

/** The first lock on a counter that a reservation holds of; null: none. */
async function findLock(
  db: Db,
  policy: Policy,
  { holds }: { holds: unknown },
  nowMs: number,
): Promise<Fault | null> {
  const byId = new Map(policy.budgets.map((budget) => [budget.id, budget]));
  const keys = holdsSchema.parse(holds).flatMap(({ budget_id, value, period }) => {
    const budget = byId.get(budget_id);
    // Window `request` has no counter.
    if (!budget || budget.window === "request") return [];
    return [{ budgetId: budget.id, generation: budget.generation, value, period }];
  });
  for (const row of await readBudgetCounters(db, keys)) {
    const budget = byId.get(row.budgetId);
    const fault = budget && explainLock({ budget, value: row.value }, { lock: row }, nowMs);
    if (fault) return fault;
  }
  return null;
}
