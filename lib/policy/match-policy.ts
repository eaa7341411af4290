import type { KillSwitchRow } from "@/db/queries/policy";
import type { Budget, BudgetScope, CallTags } from "@/lib/budgets/budget";
import { calendarPeriodOf, periodOf } from "@/lib/budgets/budget-period";
import { matchBudget, UNTAGGED, valueIn } from "@/lib/budgets/match-budget";
import { isEngaged, type Policy } from "@/lib/budgets/policy-holder";
import { scopeOf } from "@/lib/kill-switches/kill-switch-answer";
import type { PolicyTag } from "@/lib/policy/policy-schemas";

/** What an agent says of its calls: absent says nothing, empty that they go without the tag. */
export type AskedTags = Readonly<Partial<Record<PolicyTag, string>>>;

/** A budget that binds the asked calls, and the counter that decides. */
export interface BoundBudget {
  budget: Budget;
  value: string;
  /** null: window `request`, which counts nothing. */
  period: string | null;
  resetsAtMs: number | null;
}

/** What of a policy binds the asked calls. */
export interface MatchedPolicy {
  switches: KillSwitchRow[];
  budgets: BoundBudget[];
  /** Tags without which some budgets could not be told. */
  notAsked: PolicyTag[];
  /** A strict budget binds them, or one by a tag that was not asked about might; also one that is not counted yet. */
  isStrict: boolean;
}

/**
 * What of the policy an agent needs to decide about its calls by itself. A budget by a tag that it did not name is left
 * out and the tag is told: a guess at another value's counter would refuse or let through for nothing. A switch by such a
 * tag is there: too many switches stop nobody, and one that is missing stops nobody either.
 */
export function matchPolicy(
  policy: Policy,
  projectId: string,
  asked: AskedTags,
  nowMs: number,
): MatchedPolicy {
  const tags = toCallTags(projectId, asked);
  const notAsked = new Set<PolicyTag>();
  const budgets: BoundBudget[] = [];
  let isStrict = false;
  for (const budget of policy.budgets) {
    if (budget.projectId !== null && budget.projectId !== projectId) continue;
    const missing = tagsOfBudget(budget).filter((tag) => asked[tag] === undefined);
    const value = missing.length > 0 ? null : matchBudget(budget, tags);
    if (budget.mode === "strict" && (missing.length > 0 || value !== null)) isStrict = true;
    // Not counted yet, so it decides nothing.
    if (budget.generation === 0) continue;
    for (const tag of missing) notAsked.add(tag);
    if (value === null) continue;
    budgets.push({
      budget,
      value,
      period: periodOf(budget, tags, nowMs),
      resetsAtMs: calendarPeriodOf(budget, nowMs)?.endMs ?? null,
    });
  }
  const switches = policy.switches.filter(
    (row) => isEngaged(row, nowMs) && isNear(row, projectId, asked, tags),
  );
  return { switches, budgets, notAsked: [...notAsked].sort(), isStrict };
}

function isNear(row: KillSwitchRow, projectId: string, asked: AskedTags, tags: CallTags): boolean {
  if (row.projectId !== null && row.projectId !== projectId) return false;
  const scope = scopeOf(row);
  if (scope === "global" || scope === "project") return true;
  return asked[scope] === undefined || valueIn(scope, tags) === (row.value ?? UNTAGGED);
}

/** Tags that decide a budget's value and period. */
function tagsOfBudget({ scope, window }: Budget): PolicyTag[] {
  const tags: PolicyTag[] = [];
  const tag = tagOfScope(scope);
  if (tag) tags.push(tag);
  if (window === "session" && tag !== "session") tags.push("session");
  if (window === "trace" && tag !== "trace_id") tags.push("trace_id");
  return tags;
}

function tagOfScope(scope: BudgetScope): PolicyTag | null {
  if (scope === "global" || scope === "project" || scope === "request") return null;
  return scope === "trace" ? "trace_id" : scope;
}

/** The asked tags as a call's. */
export function toCallTags(projectId: string, asked: AskedTags): CallTags {
  const tag = (name: PolicyTag) => asked[name] || null;
  return {
    projectId,
    agent: tag("agent"),
    task: tag("task"),
    taskType: tag("task_type"),
    feature: tag("feature"),
    user: tag("user"),
    session: tag("session"),
    traceId: tag("trace_id"),
    model: tag("model"),
  };
}
