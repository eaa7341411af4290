"use client";

import { useQuery } from "@tanstack/react-query";
import type { BudgetDraft } from "@/components/budgets/budget-draft";
import { suggestionsQuery } from "@/components/budgets/budget-requests";
import { sayUsd } from "@/components/budgets/budget-words";
import { sayTasks } from "@/components/budgets/seen-values";
import { useSeenValues } from "@/components/budgets/target-fields";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import { BUDGET_SCOPES, BUDGET_WINDOWS } from "@/lib/budgets/budget";
import type { SuggestionAnswer } from "@/lib/budgets/budget-answer-schemas";
import { suggestLimit } from "@/lib/budgets/suggest-limit";
import { formatCallCost, formatCostSum, formatCount } from "@/lib/format";

interface SuggestedLimitsProps {
  draft: BudgetDraft;
  onChange: (change: Partial<BudgetDraft>) => void;
}

const RANGE_MS = 30 * 86_400_000;

/** Limits that would suit what was spent so far, each with what it rests on. */
export function SuggestedLimits({ draft, onChange }: SuggestedLimitsProps) {
  const { project } = useWorkspace();
  const seen = useSeenValues(draft);
  const { data } = useQuery(suggestionsQuery(draft.project ?? project));
  const name = draft.valueKind === "one" ? draft.value.trim() : "";
  const spent = seen.find(({ value }) => value === name)?.costUsd ?? null;
  const monthly = draft.window === "month" ? suggestLimit(spent, RANGE_MS) : null;
  const task = data?.suggestions.find((one) => isOf(one, draft, name)) ?? null;
  if (monthly === null && task === null) return null;
  return (
    <div className="flex flex-col gap-2 rounded-control bg-surface p-3 text-[13px]">
      {monthly !== null && (
        <p className="flex flex-wrap items-center gap-2">
          <Button
            size="small"
            onClick={() => onChange({ limits: { ...draft.limits, usd: monthly } })}
          >
            Use {sayUsd(monthly)} per month
          </Button>
          <span className="text-ink-muted">
            the last 30 days came to {formatCostSum(spent)}, and a fifth on top
          </span>
        </p>
      )}
      {task && <TaskLimit task={task} draft={draft} onChange={onChange} />}
    </div>
  );
}

function isOf(one: SuggestionAnswer, { scope, project }: BudgetDraft, name: string): boolean {
  if (name === "" || (project !== null && one.project !== project)) return false;
  if (scope === "agent") return one.agent === name;
  return scope === "task_type" && one.task_type === name;
}

/** What one task costs, and three times the middle of it: enough for most, and an end to a loop. */
function TaskLimit({ task, draft, onChange }: SuggestedLimitsProps & { task: SuggestionAnswer }) {
  const { budget, histogram, over_limit_tasks } = task;
  // One budget may bind several kinds of tasks: its limit is that of the dearest.
  const limit = typeof budget?.limit_usd === "string" ? budget.limit_usd : null;
  const most = histogram.reduce((max, { tasks }) => Math.max(max, tasks), 1);
  const kind = task.task_type === null ? "" : ` of ${task.task_type}`;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {limit !== null && budget !== null && (
          <Button size="small" onClick={() => onChange(readDraft(draft, budget))}>
            Use {formatCallCost(limit)} per task
          </Button>
        )}
        <span className="text-ink-muted">
          {task.is_enough
            ? `3 times the median${kind}${over_limit_tasks === null ? "" : `; ${over_limit_tasks === 0 ? "none" : formatCount(over_limit_tasks)} of ${sayTasks(task.tasks)} cost more`}`
            : `${sayTasks(task.tasks)}${kind} are too few to suggest a limit per task`}
        </span>
      </div>
      {histogram.length > 1 && (
        <div aria-hidden="true" className="flex h-10 max-w-sm items-end gap-px">
          {histogram.map(({ from_usd, tasks }) => (
            <span
              key={from_usd}
              className="min-h-px flex-1 bg-(--series-1)"
              style={{ height: `${(tasks / most) * 100}%` }}
            />
          ))}
        </div>
      )}
      <p className="tabular text-ink-muted">
        {sayTasks(task.tasks)}: a tenth under {formatCallCost(task.p10_usd)}, half under{" "}
        {formatCallCost(task.p50_usd)}, nine tenths under {formatCallCost(task.p90_usd)}, the
        dearest {formatCallCost(task.max_usd)}
        {task.unknown_costs > 0 && `; ${sayTasks(task.unknown_costs)} of unknown cost left out`}
      </p>
    </div>
  );
}

/** A suggested budget as a draft: its scope, value, window and limit; the rest as it was typed. */
function readDraft(draft: BudgetDraft, body: Record<string, unknown>): Partial<BudgetDraft> {
  const { value, limit_usd } = body;
  const scope = BUDGET_SCOPES.find((one) => one === body.scope) ?? draft.scope;
  const window = BUDGET_WINDOWS.find((one) => one === body.window) ?? draft.window;
  return {
    scope,
    window,
    ...(typeof value === "string"
      ? { value: value === "*" ? "" : value, valueKind: value === "*" ? "each" : "one" }
      : {}),
    ...(typeof limit_usd === "string" ? { limits: { ...draft.limits, usd: limit_usd } } : {}),
  };
}
