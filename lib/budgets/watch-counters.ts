import type { Db } from "@/db/postgres";
import {
  type CounterMove,
  type CounterRow,
  listReachedCounters,
  nameOf,
} from "@/db/queries/budget-counters";
import { lockOutCounters, type NewLock } from "@/db/queries/counter-locks";
import type { CounterWatch } from "@/db/queries/counter-watch";
import { noteStateChange } from "@/db/queries/policy";
import type { Alert, NewAlert } from "@/lib/alerts/alert";
import { type AlertRuleHolder, readAlertRules } from "@/lib/alerts/read-alert-rules";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { type Amounts, type Budget, NO_AMOUNTS } from "@/lib/budgets/budget";
import { periodOf } from "@/lib/budgets/budget-period";
import { readUsd } from "@/lib/budgets/budget-row";
import { fullnessOf, hasReached, stateOf, warnsAt } from "@/lib/budgets/budget-state";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { spentOf } from "@/lib/budgets/counter-amounts";
import { lockOf } from "@/lib/budgets/counter-lock";
import { thresholdKey, toThresholdAlert, toUnreservedAlert } from "@/lib/budgets/crossing-alerts";
import type { KnownAlerts } from "@/lib/budgets/known-alerts";
import { placeCall } from "@/lib/budgets/place-call";
import { stagesOf } from "@/lib/budgets/stages";
import { formatUsd } from "@/lib/money";

/** Sessions and traces never end: those with an event of this time are the current ones. */
export const CURRENT_MS = 24 * 3_600_000;

/** What a look at moved counters goes by. */
export interface WatchContext {
  budgets: readonly Budget[];
  nowMs: number;
  /** Names (`nameOf`) of counters by session or trace with a recent event, found only where one is asked for. */
  findCurrent: () => ReadonlySet<string>;
  /** What a process has seen recorded, so that nobody records it again with every block. */
  known?: KnownAlerts;
  /** For who looks all the time. */
  rules?: AlertRuleHolder;
}

/**
 * From where on budgets' deciding counters are looked at: the lowest point at which one tells, acts or changes its state.
 * @param isEverything also those below: what is taken back may leave a state
 */
export function watchesOf(budgets: readonly Budget[], isEverything = false): CounterWatch[] {
  return budgets.flatMap((budget) => {
    const { id: budgetId, generation, window, limits, mode, thresholds } = budget;
    if (generation === 0 || window === "request") return [];
    const percents = [warnsAt(thresholds), ...thresholds.map(({ percent }) => percent)];
    const hundredths = isEverything ? 0n : BigInt(Math.round(Math.min(...percents) * 100));
    const from = (limit: bigint | null, write: (amount: bigint) => string) =>
      limit === null ? null : write((limit * hundredths) / 10_000n);
    return {
      budgetId,
      generation,
      isStrict: mode === "strict",
      from: {
        usd: from(limits.usd, formatUsd),
        tokens: from(limits.tokens, String),
        calls: from(limits.calls, String),
        toolCalls: from(limits.toolCalls, String),
        ms: from(limits.ms, String),
      },
    };
  });
}

/**
 * Records what counters have come to, in the transaction that moved them: each stage that is reached, once; a lock where
 * the stage is a lockout; the first unreserved dollar of a strict budget. Only the current period tells. It asks for what
 * is reached and not for what was just passed, so that nothing is missed that was counted ahead of its time.
 * @param reached as `addToBudgetCounters` gives them by `watchesOf`
 * @param moves what they were moved by, to know what states they were in; null: the policy's version moves anyway
 * @returns alerts that are new
 */
export async function watchCounters(
  tx: Db,
  reached: readonly CounterRow[],
  moves: readonly CounterMove[] | null,
  context: WatchContext,
): Promise<Alert[]> {
  if (reached.length === 0) return [];
  const { nowMs, known } = context;
  const current = keepCurrent(reached, context);
  const locks = current.flatMap(({ budget, row }) => lockFor(budget, row) ?? []);
  await lockOutCounters(tx, locks, new Date(nowMs));
  const hasMoved = moves !== null && (locks.length > 0 || hasNewState(current, moves));
  if (hasMoved) await noteStateChange(tx);
  const crossed = current.flatMap((watched) => crossingsOf(watched, context));
  const found = [...crossed, ...(await listUnreserved(tx, current, context))];
  if (found.length === 0) return [];
  const recorded = await recordAlerts(tx, found);
  known?.learn(found, recorded);
  return recorded;
}

/**
 * Looks at all counters of a budget's current period: its limits or stages changed, or it was counted anew. The policy's
 * version is being changed. Sessions and traces tell with their next event: which are current only events know.
 */
export async function watchBudget(tx: Db, budget: Budget, nowMs: number): Promise<Alert[]> {
  const [watch] = watchesOf([budget]);
  const isCalendar = budget.window !== "session" && budget.window !== "trace";
  if (!watch || !isCalendar) return [];
  const period = periodOf(budget, { session: null, traceId: null }, nowMs);
  if (period === null) return [];
  const reached = await listReachedCounters(tx, watch, period);
  const findCurrent = () => new Set<string>();
  return watchCounters(tx, reached, null, { budgets: [budget], nowMs, findCurrent });
}

/**
 * Names of the counters by session or trace that events of the last 24 hours count in. It goes through all of them once,
 * so it is asked for only where such a counter has come far.
 */
export function listRecentPlaces(
  budgets: readonly Budget[],
  calls: readonly Pick<CountedCall, "atMs" | "tags">[],
  nowMs: number,
): ReadonlySet<string> {
  const endless = budgets.filter(({ window }) => window === "session" || window === "trace");
  const names = new Set<string>();
  for (const call of calls) {
    if (call.atMs < nowMs - CURRENT_MS) continue;
    for (const { budget, value, period } of placeCall(endless, call, call.atMs)) {
      const { id: budgetId, generation } = budget;
      names.add(nameOf({ budgetId, generation, value, period }));
    }
  }
  return names;
}

interface Watched {
  budget: Budget;
  row: CounterRow;
}

/** Counters that decide, of the current period. */
function keepCurrent(rows: readonly CounterRow[], context: WatchContext): Watched[] {
  const byId = new Map(context.budgets.map((budget) => [budget.id, budget]));
  let recent: ReadonlySet<string> | null = null;
  return rows.flatMap((row) => {
    const budget = byId.get(row.budgetId);
    if (!budget || budget.generation !== row.generation) return [];
    if (budget.window === "session" || budget.window === "trace") {
      recent ??= context.findCurrent();
      return recent.has(nameOf(row)) ? [{ budget, row }] : [];
    }
    const period = periodOf(budget, { session: null, traceId: null }, context.nowMs);
    return row.period === period ? [{ budget, row }] : [];
  });
}

/** The lock that a counter is to have and has not: of the highest lockout that it reached and nobody opened since. */
function lockFor(budget: Budget, row: CounterRow): NewLock | null {
  if (budget.mode === "observe") return null;
  const fullness = fullnessOf(budget.limits, spentOf(row));
  const stage = stagesOf(budget).findLast(
    ({ action, percent }) => action === "lockout" && hasReached(fullness, percent),
  );
  const had = row.lockRevision === budget.limitRevision ? (row.lockPercent ?? 0) : 0;
  if (!stage || stage.percent <= had) return null;
  const { budgetId, generation, value, period } = row;
  const revision = budget.limitRevision;
  return { budgetId, generation, value, period, revision, percent: stage.percent };
}

/** The stages that a counter has reached and that are not known to be recorded. */
function crossingsOf({ budget, row }: Watched, { nowMs, known }: WatchContext): NewAlert[] {
  const fullness = fullnessOf(budget.limits, spentOf(row));
  const stages = stagesOf(budget);
  const crossed = stages.filter(
    ({ percent }) =>
      hasReached(fullness, percent) && !known?.has(thresholdKey(budget, row, percent)),
  );
  return crossed.map((stage) => {
    const next = stages.find(({ percent }) => percent > stage.percent) ?? null;
    return toThresholdAlert({ budget, row, fullness, stage, next, nowMs });
  });
}

/** What strict budgets lost to calls that held nothing of them, where the rule of its project says that it is told. */
async function listUnreserved(
  tx: Db,
  watched: readonly Watched[],
  { nowMs, known, rules }: WatchContext,
): Promise<NewAlert[]> {
  const found = watched
    .filter(({ budget, row }) => budget.mode === "strict" && row.unreservedEvents !== "0")
    .map(({ budget, row }) => ({ row, alert: toUnreservedAlert(budget, row, nowMs) }))
    .filter(({ alert }) => !known?.has(alert.key));
  if (found.length === 0) return [];
  const { ruleFor } = await (rules ? rules.read(tx) : readAlertRules(tx));
  return found.flatMap(({ row, alert }) => {
    const { enabled, floorUsd, audience } = ruleFor("unreserved", alert.projectId);
    const isTold = enabled && readUsd(row.unreservedUsd) >= readUsd(floorUsd);
    return isTold ? [{ ...alert, audience }] : [];
  });
}

/** Whether a move took a counter from one state to another; a lock that stands already hides what is below it. */
function hasNewState(watched: readonly Watched[], moves: readonly CounterMove[]): boolean {
  const byName = new Map(moves.map((move) => [nameOf(move), move]));
  return watched.some(({ budget, row }) => {
    const move = byName.get(nameOf(row));
    if (!move || lockOf(budget, row)) return false;
    const after = spentOf(row);
    const before = subtract(after, moveOf(move));
    const state = (spent: Amounts) => stateOf(fullnessOf(budget.limits, spent), budget.thresholds);
    return state(before) !== state(after);
  });
}

function moveOf(move: CounterMove): Amounts {
  return {
    usd: readUsd(move.spentUsd ?? "0"),
    tokens: BigInt(move.spentTokens ?? 0),
    calls: BigInt(move.spentCalls ?? 0),
    toolCalls: BigInt(move.spentToolCalls ?? 0),
    ms: BigInt(move.spentMs ?? 0),
  };
}

function subtract(from: Amounts, amounts: Amounts): Amounts {
  const left = { ...NO_AMOUNTS };
  for (const name of Object.keys(left) as (keyof Amounts)[]) {
    left[name] = from[name] - amounts[name];
  }
  return left;
}
