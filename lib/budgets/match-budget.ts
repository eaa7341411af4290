import type { Budget, BudgetScope, CallTags } from "@/lib/budgets/budget";

/** The value of calls without a tag: no tag is empty. In answers it is called `(untagged)`. */
export const UNTAGGED = "";

/** A call's value in a scope; `UNTAGGED` where it has none. A project's is its id. */
export function valueIn(scope: BudgetScope, tags: CallTags): string {
  switch (scope) {
    case "global":
    case "request":
      return UNTAGGED;
    case "project":
      return tags.projectId;
    case "task_type":
      return tags.taskType ?? UNTAGGED;
    case "trace":
      return tags.traceId ?? UNTAGGED;
    default:
      return tags[scope] ?? UNTAGGED;
  }
}

/**
 * The value under which a call counts in a budget; null: it does not. Under `*` calls without the tag share one value,
 * so that leaving the tag out evades nothing.
 */
export function matchBudget(budget: Budget, tags: CallTags): string | null {
  // Nothing of one project ever meets a budget of another.
  if (budget.projectId !== null && budget.projectId !== tags.projectId) return null;
  const value = valueIn(budget.scope, tags);
  if (budget.scope === "global" || budget.scope === "request") return value;
  // A project's own budget is of that project; one of the installation is for each of them.
  if (budget.scope === "project") return value;
  if (budget.value === "*") return value;
  return value === (budget.value ?? UNTAGGED) ? value : null;
}
