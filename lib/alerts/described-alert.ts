import type { Alert } from "@/lib/alerts/alert";
import type { DescribedAlert } from "@/lib/alerts/describe-alert";
import { type BudgetScope, SCOPES_WITHOUT_VALUES } from "@/lib/budgets/budget";
import { UNTAGGED } from "@/lib/budgets/match-budget";

/** An alert as it is put into words: projects by their slugs. @param slugs of projects by id; one that is not there stays an id */
export function toDescribedAlert(alert: Alert, slugs: ReadonlyMap<string, string>): DescribedAlert {
  const { id, projectId, budgetId, audience, facts, openedAt } = alert;
  return {
    id,
    project: projectId === null ? null : (slugs.get(projectId) ?? projectId),
    budgetId,
    value: nameOf(alert, slugs),
    audience,
    facts,
    openedAt,
  };
}

function nameOf({ value, facts }: Alert, slugs: ReadonlyMap<string, string>): string | null {
  if (value === null) return null;
  if (value !== UNTAGGED) return slugs.get(value) ?? value;
  const scope = "scope" in facts ? (facts.scope as BudgetScope | undefined) : undefined;
  return scope === undefined || SCOPES_WITHOUT_VALUES.has(scope) ? null : "(untagged)";
}
