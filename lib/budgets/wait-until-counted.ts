import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "@/db/postgres";
import { findBudgetRow } from "@/db/queries/budgets";
import type { Runtime } from "@/lib/runtime";

const LOOK_EVERY_MS = 25;

/**
 * Waits for a new budget to be counted from the ledger, so that whoever made it mostly sees it decide at once. It gives
 * up after `waitMs`: the calls' store may be away, and the budget is made in any case.
 */
export async function waitUntilCounted(
  db: Db,
  { wake, waitMs }: Runtime["budgets"],
  id: string,
): Promise<void> {
  wake();
  const endMs = performance.now() + waitMs;
  while (performance.now() < endMs) {
    const row = await findBudgetRow(db, id);
    if (!row || row.generation > 0) return;
    await sleep(LOOK_EVERY_MS);
  }
}
