import type { Db } from "@/db/postgres";
import {
  type CounterKey,
  type CounterRow,
  nameOf,
  readBudgetCounters,
} from "@/db/queries/budget-counters";
import { NO_AMOUNTS } from "@/lib/budgets/budget";
import { fullnessOf, stateOf } from "@/lib/budgets/budget-state";
import {
  reservedOf,
  spentOf,
  toAmountsAnswer,
  toLimitsAnswer,
} from "@/lib/budgets/counter-amounts";
import { lockOf, openedUpTo } from "@/lib/budgets/counter-lock";
import type { ToldPolicy } from "@/lib/budgets/policy-holder";
import { scopeOf } from "@/lib/kill-switches/kill-switch-answer";
import {
  type AskedTags,
  type BoundBudget,
  type MatchedPolicy,
  matchPolicy,
} from "@/lib/policy/match-policy";
import type { PolicyAnswer, PolicyBudgetAnswer } from "@/lib/policy/policy-schemas";

/** How long an agent may go by an answer. */
const TTL_SECONDS = 5;

/** The answer for an agent's calls, with the counters as they are: one statement, none where nothing is counted. */
export async function answerPolicy(
  db: Db,
  policy: ToldPolicy,
  projectId: string,
  asked: AskedTags,
  nowMs: number,
): Promise<PolicyAnswer> {
  const matched = matchPolicy(policy, projectId, asked, nowMs);
  const rows = await readBudgetCounters(db, matched.budgets.flatMap(keyOf));
  const counters = new Map(rows.map((row) => [nameOf(row), row]));
  return toAnswer(policy, projectId, matched, (bound) => {
    const [key] = keyOf(bound);
    return (key && counters.get(nameOf(key))) ?? null;
  });
}

/** The answer while counters are out of reach: switches and limits of the last known policy, and no figures. */
export function answerPolicyDegraded(
  policy: ToldPolicy,
  projectId: string,
  asked: AskedTags,
  nowMs: number,
): PolicyAnswer {
  return toAnswer(policy, projectId, matchPolicy(policy, projectId, asked, nowMs), null);
}

function keyOf({ budget, value, period }: BoundBudget): CounterKey[] {
  if (period === null) return [];
  return [{ budgetId: budget.id, generation: budget.generation, value, period }];
}

function toAnswer(
  policy: ToldPolicy,
  projectId: string,
  { switches, budgets, notAsked, isStrict }: MatchedPolicy,
  counterOf: ((bound: BoundBudget) => CounterRow | null) | null,
): PolicyAnswer {
  const project = policy.projects.get(projectId);
  const slug = project?.slug ?? null;
  return {
    version: policy.toldVersion,
    ttl_seconds: TTL_SECONDS,
    degraded: counterOf === null,
    // A strict cap that any call of the project may come under must hold while nobody can be asked.
    fail_mode: project?.failMode ?? (isStrict ? "closed" : "open"),
    required_tags: [...(project?.requiredTags ?? [])],
    kill_switches: switches.map((row) => ({
      scope: scopeOf(row),
      value: row.scope === "project" ? slug : row.value,
      reason: row.reason,
      engaged_by: row.engagedBy,
      engaged_at: row.engagedAt?.toISOString() ?? null,
      until: row.until?.toISOString() ?? null,
    })),
    budgets: budgets.map((bound) => toBudget(bound, slug, counterOf && { row: counterOf(bound) })),
    not_asked: notAsked,
  };
}

/** @param counter null: out of reach; its row is null where nothing was spent or held */
function toBudget(
  { budget, value, resetsAtMs }: BoundBudget,
  slug: string | null,
  counter: { row: CounterRow | null } | null,
): PolicyBudgetAnswer {
  const { limit_usd, limit_tokens, limit_calls, limit_tool_calls, limit_seconds } = toLimitsAnswer(
    budget.limits,
  );
  const spent = counter?.row ? spentOf(counter.row) : NO_AMOUNTS;
  const reserved = counter?.row ? reservedOf(counter.row) : NO_AMOUNTS;
  const lock = counter?.row ? lockOf(budget, counter.row) : null;
  const opened = counter?.row ? openedUpTo(budget, counter.row) : 0;
  const thresholds = budget.thresholds.flatMap(({ percent, action }) =>
    // What an admin opened does not act again: an agent that decides by itself must not refuse by it.
    action && !(action === "lockout" && percent <= opened) ? [{ percent, action }] : [],
  );
  return {
    id: budget.id,
    name: budget.name,
    scope: budget.scope,
    value: budget.scope === "project" ? slug : value || null,
    window: budget.window,
    mode: budget.mode,
    state:
      counter && (lock ? "locked" : stateOf(fullnessOf(budget.limits, spent), budget.thresholds)),
    action: budget.action,
    reroute_to: budget.rerouteTo,
    throttle_per_minute: budget.throttlePerMinute,
    thresholds,
    acts: thresholds.length > 0 || budget.thresholds.every(({ action }) => !action),
    resets_at: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
    limits: {
      usd: limit_usd,
      tokens: limit_tokens,
      calls: limit_calls,
      tool_calls: limit_tool_calls,
      seconds: limit_seconds,
    },
    spent: counter && toAmountsAnswer(spent),
    reserved: counter && toAmountsAnswer(reserved),
  };
}
