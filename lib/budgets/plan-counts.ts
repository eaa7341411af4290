import type { BudgetShift } from "@/db/queries/budget-shifts";
import type { ReservationRow, Settlement } from "@/db/queries/settlements";
import type { Budget } from "@/lib/budgets/budget";
import { calendarPeriodOf, periodOf } from "@/lib/budgets/budget-period";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { CounterMoves, femtoUsdOf } from "@/lib/budgets/counter-moves";
import { measureCall, type Spent } from "@/lib/budgets/measure-call";
import { countingGenerations, type Place, placeCall } from "@/lib/budgets/place-call";
import { storableText } from "@/lib/budgets/storable-text";
import { type Hold, holdsSchema } from "@/lib/reservations/hold";

/** A reservation as far as counting goes. */
export interface OpenReservation {
  row: ReservationRow;
  holds: Hold[];
}

/** What counting a block does. */
export interface CountPlan {
  moves: CounterMoves;
  shifts: BudgetShift[];
  settlements: Settlement[];
  /** Calls that settled a reservation, with it. */
  settled: { call: CountedCall; reservation: ReservationRow }[];
}

/** States in which a reservation waits for its event. */
const OPEN: ReadonlySet<string> = new Set(["held", "expired", "presumed"]);

/** @returns reservations by `reservationName`. @throws ZodError for holds that no version of this code wrote */
export function readReservations(rows: readonly ReservationRow[]): Map<string, OpenReservation> {
  return new Map(
    rows.map((row) => [reservationName(row), { row, holds: holdsSchema.parse(row.holds) }]),
  );
}

export function reservationName({ projectId, id }: { projectId: string; id: string }): string {
  return `${projectId} ${id}`;
}

/**
 * What calls move, in their order. The first event of an open reservation of its own project settles it: what is still
 * held is given back, and the event counts by its own tags in the periods of the hold. Every other event counts in its
 * own, and where the budget means to hold (`enforce`, `strict`) is `unreserved`: so a used, foreign or made-up
 * reservation buys nothing.
 */
export function planCounts(
  budgets: readonly Budget[],
  calls: readonly CountedCall[],
  reservations: ReadonlyMap<string, OpenReservation>,
): CountPlan {
  const plan: CountPlan = { moves: new CounterMoves(), shifts: [], settlements: [], settled: [] };
  const byId = new Map(budgets.map((budget) => [budget.id, budget]));
  const used = new Set<string>();
  for (const call of calls) {
    const name = call.reservationId && reservationName({ ...call, id: call.reservationId });
    const reservation = name && !used.has(name) ? reservations.get(name) : undefined;
    if (!name || !reservation || !OPEN.has(reservation.row.state)) {
      countPlaces(plan.moves, call, placeCall(budgets, call, call.atMs), null, 1n);
      continue;
    }
    used.add(name);
    const { row, holds } = reservation;
    giveBack(plan.moves, byId, openHolds(row, holds));
    const places = placeCall(budgets, call, row.createdAt.getTime());
    countPlaces(plan.moves, call, places, holds, 1n);
    plan.shifts.push(...shiftsOf(call, places));
    const event = { eventBucket: call.bucket, eventId: storableText(call.id) };
    plan.settlements.push({ projectId: row.projectId, id: row.id, ...event });
    plan.settled.push({ call, reservation: row });
  }
  return plan;
}

/**
 * What takes back calls that were counted and are in no ledger: by the same tags, in the same periods. A reservation
 * that such a call settled stays settled: it was made, and its hold is gone.
 */
export function planTakeBack(
  budgets: readonly Budget[],
  calls: readonly CountedCall[],
  reservations: ReadonlyMap<string, OpenReservation>,
): CounterMoves {
  const moves = new CounterMoves();
  for (const call of calls) {
    const { instantMs, holds } = asCounted(call, reservations);
    const places = placeCall(budgets, call, instantMs).filter(
      // What had arrived when these counters were begun was summed from the ledger, where it is not.
      ({ budget }) => budget.countedAfterUs === null || call.arrivedUs > budget.countedAfterUs,
    );
    countPlaces(moves, call, places, holds, -1n);
  }
  return moves;
}

/**
 * Takes calls out of generations that are being built: they were counted there as they came, by a copy that arrived after
 * the generation was begun, and now a copy is known that arrived before. That is the one which the ledger keeps, so they
 * are in what will be summed.
 */
export function takeOutOfSummed(
  moves: CounterMoves,
  budgets: readonly Budget[],
  earlier: readonly { event: CountedCall; countedUs: number }[],
  reservations: ReadonlyMap<string, OpenReservation>,
): void {
  for (const { event: call, countedUs } of earlier) {
    const { instantMs, holds } = asCounted(call, reservations);
    for (const place of placeCall(budgets, call, instantMs)) {
      const { next } = place.budget;
      if (!next || call.arrivedUs > next.afterUs || countedUs <= next.afterUs) continue;
      countPlace(moves, call, place, { holds, sign: -1n, generations: [next.generation] });
    }
  }
}

/** The instant by whose periods a call was counted, and the holds that covered it. */
function asCounted(call: CountedCall, reservations: ReadonlyMap<string, OpenReservation>) {
  const id = call.reservationId;
  const reservation = id === null ? null : reservations.get(reservationName({ ...call, id }));
  const { eventBucket, eventId } = reservation?.row ?? {};
  const isOwn = eventBucket === call.bucket && eventId === storableText(call.id);
  return isOwn && reservation
    ? { instantMs: reservation.row.createdAt.getTime(), holds: reservation.holds }
    : { instantMs: call.atMs, holds: null };
}

/** Of an expired reservation nothing is held any more, of a presumed one its strict holds. */
export function openHolds({ state }: Pick<ReservationRow, "state">, holds: readonly Hold[]) {
  if (state === "held") return holds;
  return state === "presumed" ? holds.filter(({ mode }) => mode === "strict") : [];
}

/** Gives holds back, in the generation that decides: one that is being built adds up what is open when it is finished. */
export function giveBack(
  moves: CounterMoves,
  budgets: ReadonlyMap<string, Budget>,
  holds: readonly Hold[],
): void {
  for (const hold of holds) {
    const { generation = 0, window = "request" } = budgets.get(hold.budget_id) ?? {};
    // A budget that is archived has no counters that decide, and a single call's window has none at all.
    if (generation === 0 || window === "request") continue;
    const key = { budgetId: hold.budget_id, generation, value: hold.value, period: hold.period };
    moves.addHold(key, hold, -1n);
  }
}

function countPlaces(
  moves: CounterMoves,
  call: CountedCall,
  places: readonly Place[],
  holds: readonly Hold[] | null,
  sign: 1n | -1n,
): void {
  for (const place of places) {
    const generations = countingGenerations(place.budget, call.arrivedUs);
    countPlace(moves, call, place, { holds, sign, generations });
  }
}

function countPlace(
  moves: CounterMoves,
  call: CountedCall,
  { budget, value, period }: Place,
  by: { holds: readonly Hold[] | null; sign: 1n | -1n; generations: readonly number[] },
): void {
  const spent = measureCall(call, budget.unpriced);
  const hold = by.holds?.find(
    (one) => one.budget_id === budget.id && one.value === value && one.period === period,
  );
  const unreserved = unreservedOf(budget, call, spent, hold);
  for (const generation of by.generations) {
    const key = { budgetId: budget.id, generation, value, period };
    moves.addSpent(key, spent, by.sign);
    if (!unreserved) continue;
    moves.add(key, { unreservedUsd: by.sign * unreserved.usd, unreservedEvents: by.sign });
  }
}

/** What no hold of this counter covers: all of it without one, else what it cost more. null: nothing. */
function unreservedOf({ mode }: Budget, { type }: CountedCall, spent: Spent, hold?: Hold) {
  if (mode === "observe") return null;
  if (hold) {
    const excess = spent.usd - femtoUsdOf(hold);
    return excess > 0n ? { usd: excess } : null;
  }
  // A step or an agent's span is no call that anybody could have reserved, unless it costs something of its own.
  const isCall = type === "llm" || type === "tool" || spent.usd > 0n;
  return isCall ? { usd: spent.usd } : null;
}

/** Where the hold's period is not that of the event's own time, which is all that the ledger knows. */
function shiftsOf(call: CountedCall, places: readonly Place[]): BudgetShift[] {
  return places.flatMap(({ budget, period }) => {
    if (calendarPeriodOf(budget, call.atMs) === null) return [];
    if (periodOf(budget, call.tags, call.atMs) === period) return [];
    const { projectId, bucket, id } = call;
    return [{ budgetId: budget.id, projectId, bucket, eventId: storableText(id), period }];
  });
}
