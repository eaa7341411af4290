import type { Halt } from "../halted-error.ts";
import { formatUsd } from "../money.ts";
import type { Amounts, Policy, PolicyBudget } from "./policy.ts";

/** `ask`: only the server can say, by a reservation. */
export type Judgement = { kind: "allow" } | { kind: "ask" } | { kind: "refuse"; halt: Halt };

/** What a call brings, and what this process knows beyond the answer. */
export interface Load {
  /** What the call counts whatever else it does: one call of its kind. */
  least: Amounts;
  /** What it may come to; `usd` is null where its price is not known. Asked for only where a budget needs it. */
  call(): Omit<Amounts, "usd"> & { usd: bigint | null };
  /** What this process spent and has under way on a budget since the answer's figures. */
  sinceAnswer(budget: PolicyBudget): Amounts | null;
  nowMs: number;
}

const ALLOW: Judgement = { kind: "allow" };
const ASK: Judgement = { kind: "ask" };
const MEASURES = ["tokens", "calls", "tool_calls"] as const;
/** Percentages are compared as thousandths, exactly. */
const PARTS = 100_000;
const BIG_PARTS = BigInt(PARTS);

/**
 * Decides by the budgets of an answer. It refuses only by what is spent, which never becomes less within a period; where
 * what is held, this process's own calls or this call decide, where a budget throttles or reroutes, and for every strict
 * one the server is asked. So nothing is refused here that the server would let through.
 */
export function judgeBudgets(policy: Policy, load: Load): Judgement {
  let judgement = ALLOW;
  for (const budget of policy.budgets) {
    if (budget.mode === "observe" || budget.state === "counting") continue;
    const one = judgeBudget(budget, policy, load);
    if (one.kind === "refuse") return one;
    if (one.kind === "ask") judgement = ASK;
  }
  return judgement;
}

function judgeBudget(budget: PolicyBudget, policy: Policy, load: Load): Judgement {
  // A period that is over says nothing of the next one.
  if (budget.resetsAtMs !== null && load.nowMs >= budget.resetsAtMs) return ASK;
  if (budget.state === "locked") return refuse("budget_locked", budget, "is locked");
  if (budget.mode === "strict") return ASK;
  if (!budget.acts) return ALLOW;
  const { spent } = budget;
  if (spent === null) {
    if (policy.failMode !== "closed") return ALLOW;
    return refuse("degraded", budget, "cannot be asked just now, and calls fail closed");
  }
  const passed = findStage(budget, [spent, load.least]);
  if (passed?.action === "block") {
    return refuse("budget_exceeded", budget, `has spent ${tell(spent, budget)}`);
  }
  if (passed) return ASK;
  const { usd, ...call } = load.call();
  // Whether a call without a price is let through is the budget's own rule, which only the server knows.
  if (usd === null && budget.limits.usd !== null) return ASK;
  const parts = [spent, budget.reserved, load.sinceAnswer(budget), { ...call, usd: usd ?? 0n }];
  return findStage(budget, parts) ? ASK : ALLOW;
}

/** The last stage that is passed; null: none. What blocks at 120 % blocks what was throttled from 80 % on. */
function findStage(
  { limits, thresholds, action }: PolicyBudget,
  parts: readonly (Amounts | null)[],
): { action: string } | null {
  const stages = thresholds.length > 0 ? thresholds : [{ percent: 100, action }];
  let found: { action: string } | null = null;
  for (const stage of stages) {
    if (!isPassed(limits, parts, Math.round(stage.percent * 1_000))) continue;
    found = { action: stage.action === "lockout" ? "block" : stage.action };
  }
  return found;
}

function isPassed(
  limits: PolicyBudget["limits"],
  parts: readonly (Amounts | null)[],
  share: number,
): boolean {
  for (const measure of MEASURES) {
    const limit = limits[measure];
    if (limit === null || limit === undefined) continue;
    let sum = 0;
    for (const part of parts) sum += part?.[measure] ?? 0;
    if (sum * PARTS > limit * share) return true;
  }
  if (limits.seconds !== null && limits.seconds !== undefined) {
    let seconds = 0;
    for (const part of parts) seconds += part?.seconds ?? 0;
    // How long a call takes is known only afterwards: the limit refuses once it is reached.
    if (seconds * PARTS >= limits.seconds * share) return true;
  }
  if (limits.usd === null) return false;
  let usd = 0n;
  for (const part of parts) usd += part?.usd ?? 0n;
  return usd * BIG_PARTS > limits.usd * BigInt(share);
}

function tell(spent: Amounts, { limits }: PolicyBudget): string {
  const said: string[] = [];
  if (limits.usd !== null) said.push(`$${formatUsd(spent.usd)} of $${formatUsd(limits.usd)}`);
  for (const measure of [...MEASURES, "seconds"] as const) {
    const limit = limits[measure];
    if (typeof limit === "number")
      said.push(`${spent[measure]} of ${limit} ${measure.replace("_", " ")}`);
  }
  return said.join(", ");
}

function refuse(code: Halt["code"], budget: PolicyBudget, why: string): Judgement {
  const whose = budget.value === null ? budget.scope : `${budget.scope} "${budget.value}"`;
  const until = budget.resetsAtMs === null ? null : new Date(budget.resetsAtMs).toISOString();
  const begins = until === null ? "" : ` It begins anew at ${until}.`;
  return {
    kind: "refuse",
    halt: {
      code,
      reason: `The budget "${budget.name}" for ${whose} ${why}.${begins}`,
      budgetId: budget.id,
      scope: budget.scope,
      until,
    },
  };
}
