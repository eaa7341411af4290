import { BUDGET_SCOPES, type Budget, type CallTags } from "@/lib/budgets/budget";
import { matchBudget } from "@/lib/budgets/match-budget";
import type { Policy } from "@/lib/budgets/policy-holder";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { ATTRIBUTION_TAGS } from "@/lib/projects/attribution-tags";
import type { Wish } from "@/lib/reservations/check-reservation";
import { type CounterBook, countThrottled, takeHold } from "@/lib/reservations/counter-book";
import { type CallEstimate, estimateCall, type Target } from "@/lib/reservations/estimate-call";
import { holdAmountsOf } from "@/lib/reservations/hold-amounts";
import {
  type Binding,
  type Fault,
  findBindings,
  type Judgement,
  judgeTarget,
  type Take,
} from "@/lib/reservations/judge-target";
import { findSwitches } from "@/lib/reservations/match-switch";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import type { Reason } from "@/lib/reservations/reservation-schema";

/** Who asks for what, and when. */
export interface Asked {
  projectId: string;
  wish: Wish;
  nowMs: number;
}

/** The budgets that may bind a call: for the model asked for, and for each that one of them may reroute to. */
export type Bindings = ReadonlyMap<string | null, readonly Binding[]>;

/** What is done about a wish. */
export type Decision =
  | {
      decision: "allow" | "throttle" | "reroute";
      target: Target;
      takes: Take[];
      reasons: Reason[];
    }
  | {
      decision: "block";
      faults: Fault[];
      reasons: Reason[];
      retryAfterMs: number | null;
      estimate: CallEstimate;
    };

export interface DecideDeps {
  policy: Policy;
  prices: PriceBookHolder;
  learner: OutputLearner;
}

/** Finds the budgets on which a decision may depend, so that all their counters are locked before it. */
export function findAllBindings(asked: Asked, policy: Policy): Bindings {
  const budgets = budgetsOf(policy, asked.projectId);
  const { model } = asked.wish.tags;
  const found = new Map([[model, findBindings(budgets, tagsOf(asked, model), asked.nowMs)]]);
  for (const { budget } of found.get(model) ?? []) {
    const other = budget.rerouteTo;
    if (other === null || found.has(other)) continue;
    found.set(other, findBindings(budgets, tagsOf(asked, other), asked.nowMs));
  }
  return found;
}

/**
 * Decides a wish by counters that are locked, and takes its holds of them: on every budget that binds it, or on none.
 * In this order, and every reason is told: kill switches, required tags, then each budget.
 */
export function decide(
  asked: Asked,
  bindings: Bindings,
  book: CounterBook,
  deps: DecideDeps,
): Decision {
  const { wish, projectId, nowMs } = asked;
  const judge = (target: Target, isRerouted: boolean) => {
    const { model } = target;
    const estimate = estimateCall(wish, target, { projectId, nowMs }, deps);
    const own = bindings.get(model) ?? [];
    const judgement = judgeTarget({ model, isRerouted, estimate, bindings: own, nowMs }, book);
    return { estimate, judgement };
  };
  const own = { provider: wish.provider, model: wish.tags.model };
  const stops = findStops(asked, own.model, deps.policy);
  const { estimate, judgement: first } = judge(own, false);
  const [reroute] = first.reroutes;
  // A switch stops the call that was asked for: it is not evaded by another model.
  if (stops.length > 0 || !reroute) {
    const faults = [...stops, ...first.faults];
    if (faults.length > 0) return block(faults, estimate);
    return letThrough(first.throttles.length > 0 ? "throttle" : "allow", own, first, asked, book);
  }
  const target = rerouteTarget(own, reroute.model, projectId, deps.prices);
  const why = findWhyNotCheaper(asked, reroute.budget, { own, target }, deps);
  if (why !== null) {
    const { id: sourceId } = reroute.budget;
    const value = matchBudget(reroute.budget, tagsOf(asked, own.model)) ?? "";
    const message = `${reroute.message} It is not rerouted to ${reroute.model}, which ${why}.`;
    const fault = { code: "budget_exceeded", sourceId, isBudget: true, value, message } as const;
    return block([fault, ...first.faults], estimate);
  }
  const { judgement: second } = judge(target, true);
  const faults = [...findStops(asked, target.model, deps.policy), ...second.faults];
  if (faults.length > 0) {
    const others = first.faults.filter((old) => !faults.some((f) => f.sourceId === old.sourceId));
    return block([...faults, ...others], estimate);
  }
  const message = `${reroute.message} Calls go to ${reroute.model} meanwhile.`;
  second.notes.unshift({ code: "rerouted", budget_id: reroute.budget.id, message });
  return letThrough("reroute", target, second, asked, book);
}

/**
 * Why a reroute would spare nothing; null: it may. A model without a price would be let past the limit holding nothing.
 * By prices, as what the caller itself estimates is of the model that it asked for.
 */
function findWhyNotCheaper(
  { wish, projectId, nowMs }: Asked,
  budget: Budget,
  { own, target }: { own: Target; target: Target },
  deps: DecideDeps,
): string | null {
  const byPrices = { ...wish, estimatedCostFemtoUsd: null };
  const holdOf = (one: Target) =>
    holdAmountsOf(budget, estimateCall(byPrices, one, { projectId, nowMs }, deps));
  const [now, then] = [holdOf(own), holdOf(target)];
  // Judged as any call is: it refuses for what is not known.
  if (then.kind === "unknown") return null;
  if (then.isUnpriced) return "has no price";
  if (now.kind === "unknown" || now.isUnpriced) return null;
  return then.amounts.usd < now.amounts.usd ? null : "would cost this call no less";
}

/** The switches and rules that stop a call whatever its budgets have left. */
export function findStops(asked: Asked, model: string | null, policy: Policy): Fault[] {
  const tags = tagsOf(asked, model);
  const switches = findSwitches(policy, tags, asked.nowMs).map((row): Fault => {
    const until = row.until ? ` until ${row.until.toISOString()}` : "";
    const whose = row.value === null ? row.scope : `${row.scope} "${row.value}"`;
    const why = row.reason ? `: ${row.reason}` : "";
    const message = `The kill switch of ${whose} is engaged${until}${why}.`;
    return { code: "kill_switch", sourceId: row.id, isBudget: false, value: "", message };
  });
  const required = policy.projects.get(asked.projectId)?.requiredTags ?? [];
  const missing = ATTRIBUTION_TAGS.filter((name) => required.includes(name) && !tags[name]);
  if (missing.length === 0) return switches;
  const message = `This project requires ${missing.join(", ")} of every call.`;
  const sourceId = asked.projectId;
  return [...switches, { code: "missing_tags", sourceId, isBudget: false, value: "", message }];
}

/** A wish's tags, for the model it asks for or the one it is rerouted to. */
export function tagsOf(
  { projectId, wish }: Pick<Asked, "projectId" | "wish">,
  model: string | null = wish.tags.model,
): CallTags {
  return { ...wish.tags, projectId, model };
}

const budgetsByProject = new WeakMap<Policy["budgets"], Map<string, Budget[]>>();

/** A project's budgets by scope and value, in which order their reasons are told; found once for each policy. */
function budgetsOf(policy: Policy, projectId: string): Budget[] {
  const byProject = budgetsByProject.get(policy.budgets) ?? new Map<string, Budget[]>();
  budgetsByProject.set(policy.budgets, byProject);
  const known = byProject.get(projectId);
  if (known) return known;
  const order = (a: Budget, b: Budget): number =>
    BUDGET_SCOPES.indexOf(a.scope) - BUDGET_SCOPES.indexOf(b.scope) ||
    (a.value ?? "").localeCompare(b.value ?? "");
  const own = policy.budgets
    .filter((budget) => budget.projectId === null || budget.projectId === projectId)
    .sort(order);
  byProject.set(projectId, own);
  return own;
}

/** The provider that sells the cheaper model: the same one, or the one named in front of it. */
function rerouteTarget(
  own: Target,
  model: string,
  projectId: string,
  prices: PriceBookHolder,
): Target {
  const sells = (provider: string | null) =>
    prices.matchModel(provider, model, projectId).matched !== null;
  const named = model.includes("/") ? (model.split("/")[0] ?? null) : null;
  return { provider: !sells(own.provider) && sells(named) ? named : own.provider, model };
}

/** What a caller is told of a fault. */
export function toReason({ code, isBudget, sourceId, message }: Fault): Reason {
  return { code, ...(isBudget ? { budget_id: sourceId } : {}), message };
}

function block(faults: Fault[], estimate: CallEstimate): Decision {
  const waits = faults.flatMap(({ retryAfterMs }) => (retryAfterMs ? [retryAfterMs] : []));
  return {
    decision: "block",
    faults,
    reasons: faults.map(toReason),
    // Waiting helps only where nothing else stops it.
    retryAfterMs: waits.length === faults.length ? Math.max(...waits) : null,
    estimate,
  };
}

/** Takes every hold, so that the next wish of the group sees it. */
function letThrough(
  decision: "allow" | "throttle" | "reroute",
  target: Target,
  { takes, throttles, notes }: Judgement,
  { nowMs }: Asked,
  book: CounterBook,
): Decision {
  for (const { binding, amounts } of takes) takeHold(book.get(binding.name), amounts);
  for (const counter of throttles) countThrottled(counter, nowMs);
  return { decision, target, takes, reasons: notes };
}
