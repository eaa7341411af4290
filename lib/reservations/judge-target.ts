import { type CounterKey, nameOf } from "@/db/queries/budget-counters";
import { type Amounts, type Budget, type CallTags, NO_AMOUNTS } from "@/lib/budgets/budget";
import { periodOf } from "@/lib/budgets/budget-period";
import { lockOf, openedUpTo } from "@/lib/budgets/counter-lock";
import { matchBudget } from "@/lib/budgets/match-budget";
import { type Counter, type CounterBook, throttledIn } from "@/lib/reservations/counter-book";
import type { CallEstimate } from "@/lib/reservations/estimate-call";
import {
  explainLocked,
  explainPassed,
  explainUnknown,
  nameBudget,
} from "@/lib/reservations/explain-refusal";
import { findPassed, findStage, type Load, type Measure } from "@/lib/reservations/find-stage";
import { holdAmountsOf } from "@/lib/reservations/hold-amounts";
import type { Reason, ReasonCode } from "@/lib/reservations/reservation-schema";

/** A budget that binds a call, and where the call counts in it. */
export interface Binding {
  budget: Budget;
  value: string;
  /** null: window `request`, which has no counter. */
  key: CounterKey | null;
  /** Of the key; empty without one. */
  name: string;
}

/** Something that stops a call. */
export interface Fault {
  code: ReasonCode;
  /** The budget or switch; the project where it is neither. */
  sourceId: string;
  isBudget: boolean;
  /** Of the counter; empty where there is none. */
  value: string;
  message: string;
  retryAfterMs?: number;
}

/** A hold that is to be taken. */
export interface Take {
  binding: Binding & { key: CounterKey };
  amounts: Amounts;
}

/** What the budgets say of a call to one model. */
export interface Judgement {
  faults: Fault[];
  /** Models that budgets ask for instead, with the reason. */
  reroutes: { budget: Budget; model: string; message: string }[];
  /** Counters of which one call of this minute's rate is used. */
  throttles: Counter[];
  takes: Take[];
  /** What is told of a call that is let through. */
  notes: Reason[];
}

/** The budgets that decide on a call, in the order of their ids: those of its project, counted, that may refuse. */
export function findBindings(budgets: readonly Budget[], tags: CallTags, nowMs: number): Binding[] {
  const bindings: Binding[] = [];
  for (const budget of budgets) {
    // Not counted yet: what was spent is not known, so it decides nothing.
    if (budget.generation === 0 || budget.mode === "observe") continue;
    const value = matchBudget(budget, tags);
    if (value === null) continue;
    const period = periodOf(budget, tags, nowMs);
    const { id: budgetId, generation } = budget;
    const key = period === null ? null : { budgetId, generation, value, period };
    bindings.push({ budget, value, key, name: key ? nameOf(key) : "" });
  }
  return bindings;
}

/** What is judged. */
export interface Target {
  model: string | null;
  /** It is the cheaper model of a reroute already: nothing is rerouted twice. */
  isRerouted: boolean;
  estimate: CallEstimate;
  bindings: readonly Binding[];
  nowMs: number;
}

/** Asks every budget; nothing is taken yet. */
export function judgeTarget(target: Target, book: CounterBook): Judgement {
  const judgement: Judgement = { faults: [], reroutes: [], throttles: [], takes: [], notes: [] };
  for (const binding of target.bindings) judgeBudget(binding, target, book, judgement);
  return judgement;
}

function judgeBudget(
  binding: Binding,
  target: Target,
  book: CounterBook,
  judgement: Judgement,
): void {
  const { budget, value, key } = binding;
  const counter = key && book.get(binding.name);
  const locked = counter && explainLock(binding, counter, target.nowMs);
  if (locked) {
    judgement.faults.push(locked);
    return;
  }
  const hold = holdAmountsOf(budget, target.estimate);
  if (hold.kind === "unknown") {
    judgement.faults.push(faultOf(binding, hold.code, explainUnknown(budget, value, hold.code)));
    return;
  }
  if (hold.isUnpriced) {
    const message = `${nameBudget(budget, value)} holds no dollars for this call: its model has no price.`;
    judgement.notes.push({ code: "no_price", budget_id: budget.id, message });
  }
  if (key) judgement.takes.push({ binding: { ...binding, key }, amounts: hold.amounts });
  const { spent, reserved } = counter ?? { spent: NO_AMOUNTS, reserved: NO_AMOUNTS };
  const load: Load = { spent, reserved, hold: hold.amounts };
  const stage = findStage(budget, load, counter ? openedUpTo(budget, counter.lock) : 0);
  const tell = (measure: Measure) => explainPassed(budget, value, { measure, load }, target.nowMs);
  if (stage?.action === "reroute" && budget.rerouteTo !== null && !isRerouteDone(budget, target)) {
    const message = tell(stage.measure);
    judgement.reroutes.push({ budget, model: budget.rerouteTo, message });
    return;
  }
  // Whatever the stage would let through, `strict` lets nothing past its limit.
  const passed = budget.mode === "strict" ? findPassed(budget, load) : null;
  if (passed !== null) {
    judgement.faults.push(faultOf(binding, "budget_exceeded", tell(passed)));
    return;
  }
  if (stage === null) return;
  if (stage.action === "reroute" && target.model === budget.rerouteTo) return;
  if (stage.action === "throttle" && counter && budget.throttlePerMinute !== null) {
    throttle(binding, counter, budget.throttlePerMinute, target.nowMs, judgement);
    return;
  }
  judgement.faults.push(faultOf(binding, "budget_exceeded", tell(stage.measure)));
}

/** Why a closed counter refuses, whatever is asked of it; null: it is open. */
export function explainLock(
  binding: Pick<Binding, "budget" | "value">,
  { lock }: Pick<Counter, "lock">,
  nowMs: number,
): Fault | null {
  const { budget, value } = binding;
  const found = lockOf(budget, lock);
  return found && faultOf(binding, "budget_locked", explainLocked(budget, value, found, nowMs));
}

/** Nothing is rerouted twice, and what is for the cheaper model already need not be. */
function isRerouteDone(budget: Budget, { model, isRerouted }: Target): boolean {
  return isRerouted || model === budget.rerouteTo;
}

const MINUTE_MS = 60_000;

function throttle(
  binding: Binding,
  counter: Counter,
  perMinute: number,
  nowMs: number,
  judgement: Judgement,
): void {
  const name = nameBudget(binding.budget, binding.value);
  const rate = `${perMinute} calls a minute are let through`;
  if (throttledIn(counter, nowMs) < perMinute) {
    judgement.throttles.push(counter);
    const message = `${name} has reached its limit: ${rate}, and this is one of them.`;
    judgement.notes.push({ code: "rate_limited", budget_id: binding.budget.id, message });
    return;
  }
  const retryAfterMs = MINUTE_MS - (nowMs % MINUTE_MS);
  const message = `${name} has reached its limit: ${rate}, and this minute's are used.`;
  judgement.faults.push({ ...faultOf(binding, "rate_limited", message), retryAfterMs });
}

function faultOf(
  { budget, value }: Pick<Binding, "budget" | "value">,
  code: ReasonCode,
  message: string,
): Fault {
  return { code, sourceId: budget.id, isBudget: true, value, message };
}
