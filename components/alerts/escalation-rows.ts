import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import type { BudgetChangeAnswer } from "@/lib/budgets/budget-answer-schemas";

type EscalationRow =
  | { key: string; atMs: number; alert: AlertAnswer; change: null }
  | { key: string; atMs: number; alert: null; change: BudgetChangeAnswer };

/**
 * What a budget passed and what people did to it, as one history, latest first.
 * @param hasMore whether earlier alerts are not loaded: what was done before the last of these waits for them
 */
export function listEscalation(
  alerts: readonly AlertAnswer[],
  changes: readonly BudgetChangeAnswer[],
  hasMore: boolean,
): EscalationRow[] {
  const crossed = alerts.map((alert): EscalationRow => {
    return { key: alert.id, atMs: Date.parse(alert.opened_at), alert, change: null };
  });
  const sinceMs = hasMore ? Math.min(...crossed.map(({ atMs }) => atMs)) : -Infinity;
  const done = changes.map((change, i): EscalationRow => {
    return { key: `${i} ${change.at}`, atMs: Date.parse(change.at), alert: null, change };
  });
  return [...crossed, ...done.filter(({ atMs }) => atMs >= sinceMs)].sort(
    (a, b) => b.atMs - a.atMs,
  );
}
