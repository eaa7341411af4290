import type { Alert } from "@/lib/alerts/alert";
import type { DescribedAlert } from "@/lib/alerts/describe-alert";

/** An alert as it is put into words: projects by their slugs. @param slugs of projects by id; one that is not there stays an id */
export function toDescribedAlert(alert: Alert, slugs: ReadonlyMap<string, string>): DescribedAlert {
  const { id, projectId, budgetId, value, audience, facts, openedAt } = alert;
  const isProject =
    (facts.kind === "threshold" && facts.scope === "project") ||
    (facts.kind === "spike" && facts.dimension === "project");
  return {
    id,
    project: projectId === null ? null : (slugs.get(projectId) ?? projectId),
    budgetId,
    value: isProject && value !== null ? (slugs.get(value) ?? value) : value,
    audience,
    facts,
    openedAt,
  };
}
