import type { Amounts, Budget } from "@/lib/budgets/budget";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { type CounterLock, lockEndsAt } from "@/lib/budgets/counter-lock";
import { UNTAGGED } from "@/lib/budgets/match-budget";
import { formatUsd } from "@/lib/money";
import type { UnknownWorst } from "@/lib/reservations/estimate-call";
import type { Load, Measure } from "@/lib/reservations/find-stage";

const WORDS: Readonly<Record<Exclude<Measure, "usd" | "ms">, string>> = {
  tokens: "tokens",
  calls: "calls",
  toolCalls: "tool calls",
};

/** A budget as a sentence calls it. */
export function nameBudget(budget: Budget, value: string): string {
  const scope = budget.scope.replace("_", " ");
  const isNamed = budget.scope !== "global" && budget.scope !== "request";
  const whose = isNamed && budget.scope !== "project" ? ` for ${scope} ${shown(value)}` : "";
  return `The budget "${budget.name}"${whose}`;
}

function shown(value: string): string {
  return value === UNTAGGED ? "(untagged)" : `"${value}"`;
}

/** What was spent, is held and is asked for of which limit, and when it begins anew. */
export function explainPassed(
  budget: Budget,
  value: string,
  passed: { measure: Measure; load: Load },
  nowMs: number,
): string {
  const { measure, load } = passed;
  const limit = budget.limits[measure] ?? 0n;
  const name = nameBudget(budget, value);
  if (budget.window === "request") {
    return `${name} allows ${tell(measure, limit)} for one call; this one may take ${tell(measure, load.hold[measure])}.`;
  }
  const spent = `${tell(measure, load.spent[measure])} spent`;
  const resets = `in this ${budget.window}. ${tellReset(budget, nowMs)}`;
  if (measure === "ms") return `${name} has ${spent} of ${tell(measure, limit)} ${resets}`;
  const held = `${tell(measure, load.reserved[measure])} held`;
  const asked = `this call would hold ${tell(measure, load.hold[measure])}`;
  return `${name} has ${spent} and ${held} of ${tell(measure, limit)}; ${asked} ${resets}`;
}

/** Since when and by which stage a budget's value is closed, and what opens it. */
export function explainLocked(
  budget: Budget,
  value: string,
  { atMs, percent }: CounterLock,
  nowMs: number,
): string {
  const name = nameBudget(budget, value);
  const since = `is locked since ${periodName(atMs)}: it passed ${percent} % of its limit.`;
  const endMs = lockEndsAt(budget, nowMs);
  const end =
    endMs === null
      ? "It stays locked until an admin unlocks it or its limit is changed."
      : `It opens at ${periodName(endMs)}, or when an admin unlocks it or its limit is changed.`;
  return `${name} ${since} ${end}`;
}

/** Why a budget cannot hold the worst case of a call. */
export function explainUnknown(budget: Budget, value: string, code: UnknownWorst): string {
  const name = nameBudget(budget, value);
  switch (code) {
    case "no_price":
      return `${name} holds what a call may cost, and this model has no price. Set one under Prices, or send estimated_cost_usd.`;
    case "no_output_cap":
      return `${name} holds the worst case. Send estimated_usage.max_output_tokens, the cap that the provider is given.`;
    case "no_input_estimate":
      return `${name} holds the worst case. Send estimated_usage.input_tokens, or estimated_cost_usd.`;
  }
}

function tell(measure: keyof Amounts, amount: bigint): string {
  if (measure === "usd") return `$${formatUsd(amount)}`;
  if (measure === "ms") return `${Number(amount) / 1000} s`;
  return `${amount.toLocaleString("en-US")} ${WORDS[measure]}`;
}

function tellReset(budget: Budget, nowMs: number): string {
  const period = calendarPeriodOf(budget, nowMs);
  return period ? `It begins anew at ${periodName(period.endMs)}.` : "It never begins anew.";
}
