import { isRefusedValue } from "@/db/is-refused-value";
import type { Db, Postgres } from "@/db/postgres";
import {
  addToBudgetCounters,
  type CounterRow,
  lockBudgetCounters,
  nameOf,
} from "@/db/queries/budget-counters";
import {
  bringClaimsForward,
  claimBudgetEvents,
  type EarlierEvent,
  unclaimBudgetEvents,
} from "@/db/queries/budget-events";
import { deleteBudgetShifts, insertBudgetShifts } from "@/db/queries/budget-shifts";
import type { CounterWatch } from "@/db/queries/counter-watch";
import {
  findReservations,
  lockReservations,
  type ReservationKey,
  type ReservationRow,
  settleReservations,
} from "@/db/queries/settlements";
import type { Counting } from "@/ingest/counters/counting";
import { namesReservation, readCountedCalls } from "@/ingest/counters/read-counted-calls";
import { createAlertRuleHolder } from "@/lib/alerts/read-alert-rules";
import type { Budget } from "@/lib/budgets/budget";
import type { CountedCall } from "@/lib/budgets/counted-call";
import type { CounterMoves } from "@/lib/budgets/counter-moves";
import { KnownAlerts } from "@/lib/budgets/known-alerts";
import { matchBudget } from "@/lib/budgets/match-budget";
import {
  type CountPlan,
  planCounts,
  planTakeBack,
  readReservations,
  takeOutOfSummed,
} from "@/lib/budgets/plan-counts";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { listRecentPlaces, watchCounters, watchesOf } from "@/lib/budgets/watch-counters";
import type { Log } from "@/lib/log";

/** A model call that settled a reservation, and what it really was: what estimates learn from. */
export type SettledCall = CountPlan["settled"][number];

interface Options {
  policy: PolicyHolder;
  /** With a server other processes take events too, so that an event must be claimed. */
  postgres: Pick<Postgres, "kind">;
  log: Log;
  /** Told of what was settled before it is certain: a transaction that fails tells of it twice. */
  onSettled?: (settled: readonly SettledCall[]) => void;
  now?: () => number;
}

/**
 * Counts events into the counters of the budgets they match, and settles reservations. It reads the policy in the
 * transaction, so no event is ever counted by a list of budgets that is not the current one; hence it stands in front
 * of every other counting, as everyone locks the policy first.
 */
export function createBudgetCounting(options: Options): Counting {
  const known = new KnownAlerts();
  const rules = createAlertRuleHolder();
  return (lines, sign) => async (tx, how) => {
    const { budgets } = await options.policy.hold(tx);
    if (budgets.length === 0 && !namesReservation(lines)) return;
    const isOfAll = budgets.some(({ projectId }) => projectId === null);
    const projects = new Set(budgets.map(({ projectId }) => projectId));
    const mustRead = (projectId: string) => isOfAll || projects.has(projectId);
    const { calls, brokenRows } = await readCountedCalls(lines, mustRead);
    if (brokenRows > 0) {
      options.log.error({ brokenRows }, "rows of the spool cannot be counted by budgets");
    }
    const counted = calls.filter((call) => call.reservationId || isCounted(budgets, call));
    if (counted.length === 0) return;
    const watches = watchesOf(budgets, sign < 0);
    const nowMs = (options.now ?? Date.now)();
    const findCurrent = () => listRecentPlaces(budgets, counted, nowMs);
    const write = async (moves: CounterMoves) => {
      const list = moves.list();
      const reached =
        how === "together"
          ? await addToBudgetCounters(tx, list, watches)
          : await addApart(tx, moves, watches, options.log);
      await watchCounters(tx, reached, list, { budgets, nowMs, findCurrent, known, rules });
    };
    if (sign < 0) await takeBack(tx, options, budgets, counted, write);
    else await count(tx, options, budgets, counted, write);
  };
}

function isCounted(budgets: readonly Budget[], { tags }: CountedCall): boolean {
  return budgets.some((budget) => matchBudget(budget, tags) !== null);
}

async function count(
  tx: Db,
  { postgres, onSettled }: Options,
  budgets: readonly Budget[],
  calls: readonly CountedCall[],
  write: (moves: CounterMoves) => Promise<void>,
): Promise<void> {
  const { own, earlier } =
    postgres.kind === "server" ? await claimCalls(tx, budgets, calls) : { own: calls, earlier: [] };
  const plan = await planLocked(tx, budgets, own, earlier);
  await settleReservations(tx, plan.settlements);
  await insertBudgetShifts(tx, plan.shifts);
  await write(plan.moves);
  if (plan.settled.length > 0) onSettled?.(plan.settled);
}

/**
 * Two processes that were sent the same event may give it arrivals minutes apart. The ledger keeps the earlier one, by
 * which it is summed into a generation or not; whoever counted the later one counted it there as it came. So while a
 * generation is being built the process with the earlier copy, which is waited for, says so.
 */
async function claimCalls(tx: Db, budgets: readonly Budget[], calls: readonly CountedCall[]) {
  const own = await claimBudgetEvents(tx, calls);
  if (own.length === calls.length || budgets.every(({ next }) => next === null)) {
    return { own, earlier: [] };
  }
  const claimed = new Set(own);
  const others = calls.filter((call) => !claimed.has(call));
  return { own, earlier: await bringClaimsForward(tx, others) };
}

/** The plan by reservations that are locked, after the counters that it moves: everyone locks in that order. */
async function planLocked(
  tx: Db,
  budgets: readonly Budget[],
  calls: readonly CountedCall[],
  earlier: readonly EarlierEvent<CountedCall>[],
): Promise<CountPlan> {
  const named = reservationsOf([...calls, ...earlier.map(({ event }) => event)]);
  const planBy = (rows: readonly ReservationRow[]) => {
    const reservations = readReservations(rows);
    const plan = planCounts(budgets, calls, reservations);
    takeOutOfSummed(plan.moves, budgets, earlier, reservations);
    return plan;
  };
  const first = planBy(await findReservations(tx, named));
  if (first.settlements.length === 0) return first;
  const counters = first.moves.keys();
  await lockBudgetCounters(tx, counters);
  const plan = planBy(await lockReservations(tx, named));
  const locked = new Set(counters.map(nameOf));
  // Released between the two looks, and its event lies in another period: a counter more must be locked, from the start.
  if (plan.moves.keys().some((key) => !locked.has(nameOf(key)))) {
    throw new Error("a reservation ended while its event was counted; it is counted again");
  }
  return plan;
}

async function takeBack(
  tx: Db,
  { postgres }: Options,
  budgets: readonly Budget[],
  calls: readonly CountedCall[],
  write: (moves: CounterMoves) => Promise<void>,
): Promise<void> {
  // The claim goes with it: should the event be tried again, it counts.
  const own = postgres.kind === "server" ? await unclaimBudgetEvents(tx, calls) : calls;
  const reservations = readReservations(await findReservations(tx, reservationsOf(own)));
  await deleteBudgetShifts(tx, own);
  await write(planTakeBack(budgets, own, reservations));
}

function reservationsOf(calls: readonly CountedCall[]): ReservationKey[] {
  return calls.flatMap(({ projectId, reservationId }) =>
    reservationId ? [{ projectId, id: reservationId }] : [],
  );
}

/** A sum past PostgreSQL's digits stays out, and stops neither the others nor what is behind it. */
async function addApart(
  tx: Db,
  moves: CounterMoves,
  watches: readonly CounterWatch[],
  log: Log,
): Promise<CounterRow[]> {
  await lockBudgetCounters(tx, moves.keys());
  const reached: CounterRow[] = [];
  for (const move of moves.list()) {
    const rows = await tx
      .transaction((inner) => addToBudgetCounters(inner, [move], watches))
      .catch((reason: unknown) => {
        if (!isRefusedValue(reason)) throw reason;
        log.error({ err: reason, ...move }, "a budget's counter cannot be moved");
        return [];
      });
    reached.push(...rows);
  }
  return reached;
}
