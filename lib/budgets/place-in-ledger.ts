import type { BudgetShift } from "@/db/queries/budget-shifts";
import type { RenamedCounter } from "@/db/queries/erase-name-of-budgets";
import type { Budget } from "@/lib/budgets/budget";
import type { CountedCall } from "@/lib/budgets/counted-call";
import type { CounterMoves } from "@/lib/budgets/counter-moves";
import { measureCall } from "@/lib/budgets/measure-call";
import { countingGenerations, type Place, placeCall } from "@/lib/budgets/place-call";
import { storableText } from "@/lib/budgets/storable-text";

/** Periods of events that count in their hold's, by budget and identity. */
export type Shifts = ReadonlyMap<string, string>;

export function indexShifts(shifts: readonly BudgetShift[]): Shifts {
  return new Map(
    shifts.map(({ budgetId, period, ...event }) => [shiftName(budgetId, event), period]),
  );
}

/** Where a call of the ledger counts: in the periods of its own time, but where it settled a hold of another one. */
export function placeInLedger(
  budgets: readonly Budget[],
  call: CountedCall,
  shifts: Shifts,
): Place[] {
  const event = { ...call, eventId: storableText(call.id) };
  return placeCall(budgets, call, call.atMs).map((place) => {
    const period = shifts.get(shiftName(place.budget.id, event));
    return period === undefined ? place : { ...place, period };
  });
}

/**
 * Adds a call of the ledger, times `sign`, to every counter that has it or will have it as it came. A generation that is
 * being built sums what arrived before it was begun from the ledger, where the call stands as it is by then: it is not
 * moved there.
 */
export function addInLedger(
  moves: CounterMoves,
  budgets: readonly Budget[],
  call: CountedCall,
  shifts: Shifts,
  sign: 1n | -1n,
): void {
  for (const { budget, value, period } of placeInLedger(budgets, call, shifts)) {
    const spent = measureCall(call, budget.unpriced);
    for (const generation of countingGenerations(budget, call.arrivedUs)) {
      moves.addSpent({ budgetId: budget.id, generation, value, period }, spent, sign);
    }
  }
}

/** Counters in which a call counted under a name that it has no more, each with the one that has the call now. */
export function listRenamed(
  budgets: readonly Budget[],
  { before, after }: { before: CountedCall; after: CountedCall },
  shifts: Shifts,
): RenamedCounter[] {
  const now = new Map(
    placeInLedger(budgets, after, shifts).map((place) => [place.budget.id, place]),
  );
  return placeInLedger(budgets, before, shifts).flatMap(({ budget, value, period }) => {
    const to = now.get(budget.id);
    if (!to || (to.value === value && to.period === period)) return [];
    const counter = { budgetId: budget.id, value, period, toValue: to.value, toPeriod: to.period };
    return countingGenerations(budget, before.arrivedUs).map((generation) => {
      return { ...counter, generation };
    });
  });
}

function shiftName(
  budgetId: string,
  { projectId, bucket, eventId }: Pick<BudgetShift, "projectId" | "bucket" | "eventId">,
): string {
  return `${budgetId} ${projectId} ${bucket} ${eventId}`;
}
