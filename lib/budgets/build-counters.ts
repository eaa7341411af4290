import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db, Postgres } from "@/db/postgres";
import { putBudgetCheck } from "@/db/queries/budget-checks";
import { addToBudgetCounters } from "@/db/queries/budget-counters";
import {
  deleteGeneration,
  findLatestSeenMs,
  flipGeneration,
  listProjectReach,
  stagedGeneration,
  updateGeneration,
} from "@/db/queries/budget-generations";
import { listShiftsOf } from "@/db/queries/budget-shifts";
import { findBudgetRow } from "@/db/queries/budgets";
import { withJobLock } from "@/db/queries/job-lock";
import { type BudgetRow, changePolicyVersion } from "@/db/queries/policy";
import type { Budget } from "@/lib/budgets/budget";
import { toBudget } from "@/lib/budgets/budget-row";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { CounterMoves } from "@/lib/budgets/counter-moves";
import { measureCall } from "@/lib/budgets/measure-call";
import { indexShifts, placeInLedger, type Shifts } from "@/lib/budgets/place-in-ledger";
import { type LedgerSums, SumsByPlace, sumLedger } from "@/lib/budgets/sum-ledger";
import { watchBudget } from "@/lib/budgets/watch-counters";
import { listHalfDone } from "@/lib/corrections/list-half-done";

/** What building counters takes. */
export interface BuildContext {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  /** The latest arrival that this process's own spool gave, microseconds since 1970. */
  lastArrivalUs: () => number;
  now: () => number;
}

/**
 * What another process had accepted and counted by now has an arrival before the latest time that any of them told, as
 * it tells the time in the transaction that counts. The margin is for a clock that was set back since. Alone, a process
 * knows its last arrival to the microsecond.
 */
const MARGIN_MS = { embedded: 0, server: 2_000 } as const;
const STAGED_AT_ONCE = 2_000;

/**
 * Begins a generation of a budget's counters: from here on what arrives later is counted into it as it comes. Where one
 * is begun already it goes on with that.
 * @returns the budget; null: it is gone, or has no counters
 */
export function beginGeneration(context: BuildContext, id: string): Promise<BudgetRow | null> {
  const { postgres, lastArrivalUs, now } = context;
  return postgres.db.transaction(async (tx) => {
    // Waits for every count under way: those that follow know of this generation.
    await changePolicyVersion(tx);
    const row = await findBudgetRow(tx, id);
    if (!row || row.archivedAt || row.window === "request") return null;
    if (row.nextGeneration !== null && row.nextAfterUs !== null) return row;
    const latestMs = Math.max(now(), await findLatestSeenMs(tx)) + MARGIN_MS[postgres.kind];
    const next = {
      nextGeneration: row.generation + 1,
      nextAfterUs: Math.max(latestMs * 1000, lastArrivalUs()),
    };
    await deleteGeneration(tx, { budgetId: id, generation: next.nextGeneration });
    await updateGeneration(tx, id, next);
    return { ...row, ...next };
  });
}

/**
 * Finishes a generation once everything that arrived before it was begun is in the calls: sums that, adds it, and lets
 * it decide in one transaction. Until then nothing that decides is touched, so whatever step it ends at, it is done
 * again from what is stored.
 * @throws QueryFailedError while the calls cannot be asked: the generation before goes on deciding
 */
export function finishGeneration(context: BuildContext, row: BudgetRow): Promise<void> {
  // No correction is between its rows and its counters meanwhile, but those that were cut short there.
  return withJobLock(context.postgres, "corrections", async () => {
    const budget = toBudget(row);
    if (!budget.next) return;
    const { generation: to, afterUs } = budget.next;
    const { fromPeriod, sums } = await sumAsCounted(context, budget, afterUs);
    // No day is sealed meanwhile: that takes the same lock.
    const sealedMs = sealedBeforeOf(await listProjectsOf(context.postgres.db, budget));
    const countedFrom = sealedMs > 0 ? new Date(sealedMs) : null;
    await stage(context.postgres.db, budget.id, to, sums);
    await context.postgres.db.transaction(async (tx) => {
      await changePolicyVersion(tx);
      const now = await findBudgetRow(tx, budget.id);
      if (now?.nextGeneration !== to || now.nextAfterUs !== afterUs) return;
      const flip = { budgetId: budget.id, from: now.generation, to, fromPeriod };
      const difference = await flipGeneration(tx, flip);
      await putBudgetCheck(tx, budget.id, new Date(context.now()), difference);
      // `nextAfterUs` stays: it says since when these counters were counted as events came.
      await updateGeneration(tx, budget.id, {
        generation: to,
        nextGeneration: null,
        // Later ones keep what was counted while the calls were there.
        ...(now.generation === 0 ? { countedFrom } : {}),
      });
      // A budget made in the middle of its period tells what it came to before.
      const flipped = { ...toBudget(now), generation: to, next: null };
      await watchBudget(tx, flipped, context.now());
    });
  });
}

/**
 * What counters of a budget should have counted of what had arrived by an instant: the ledger, but for what a correction
 * changed there and will move in the counters yet. The lock of the corrections job is held.
 */
export async function sumAsCounted(
  { clickhouse, postgres, now }: BuildContext,
  budget: Budget,
  arrivedByUs: number,
): Promise<LedgerSums> {
  const { db } = postgres;
  const projects = await listProjectsOf(db, budget);
  const ledger = await sumLedger({ clickhouse, db }, budget, {
    projectIds: projects.map(({ id }) => id),
    // What was counted of days whose calls expired since is kept; for a new budget what is left is all there is.
    wholeFromMs: budget.generation > 0 ? sealedBeforeOf(projects) : 0,
    nowMs: now(),
    arrivedByUs,
  });
  const halfDone = await listHalfDone({ clickhouse, db });
  if (halfDone.length === 0) return ledger;
  const shifts = indexShifts(await listShiftsOf(db, halfDone));
  const sums = new SumsByPlace();
  for (const { value, period, spent } of ledger.sums) sums.add(value, period, spent, 1n);
  const add = (call: CountedCall | null, sign: 1n | -1n) => {
    if (call && call.arrivedUs <= arrivedByUs) {
      addCall(sums, budget, { call, shifts, fromPeriod: ledger.fromPeriod }, sign);
    }
  };
  for (const { counted } of halfDone) {
    add(counted.after, -1n);
    add(counted.before, 1n);
  }
  return { ...ledger, sums: sums.list() };
}

async function listProjectsOf(db: Db, { projectId }: Pick<Budget, "projectId">) {
  const reach = await listProjectReach(db);
  return reach.filter(({ id }) => projectId === null || projectId === id);
}

/** Days before are without their calls, or may be; ms since 1970. */
function sealedBeforeOf(projects: readonly { sealedBefore: Date | null }[]): number {
  return Math.max(0, ...projects.map(({ sealedBefore }) => sealedBefore?.getTime() ?? 0));
}

function addCall(
  sums: SumsByPlace,
  budget: Budget,
  of: { call: CountedCall; shifts: Shifts; fromPeriod: string | null },
  sign: 1n | -1n,
): void {
  for (const { value, period } of placeInLedger([budget], of.call, of.shifts)) {
    if (of.fromPeriod !== null && period < of.fromPeriod) continue;
    sums.add(value, period, measureCall(of.call, budget.unpriced), sign);
  }
}

/** Writes sums where nobody looks, so that little is to be done while decisions wait. */
async function stage(db: Db, budgetId: string, to: number, sums: LedgerSums["sums"]) {
  const generation = stagedGeneration(to);
  await deleteGeneration(db, { budgetId, generation });
  for (let at = 0; at < sums.length; at += STAGED_AT_ONCE) {
    const moves = new CounterMoves();
    for (const { value, period, spent } of sums.slice(at, at + STAGED_AT_ONCE)) {
      moves.addSpent({ budgetId, generation, value, period }, spent, 1n);
    }
    await addToBudgetCounters(db, moves.list());
  }
}
