import type { Db } from "@/db/postgres";
import {
  type EndedAlerts,
  listBudgetsWithOpenAlerts,
  resolveEndedAlerts as resolveRows,
} from "@/db/queries/budget-alerts";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { toBudget } from "@/lib/budgets/budget-row";
import { CURRENT_MS } from "@/lib/budgets/watch-counters";

/**
 * Says that what was told of budgets is over: their period ended, they were removed, or their session or trace did not
 * move for a day. Nothing decides by it, so it may lag behind.
 * @returns how many
 */
export async function resolveEndedAlerts(db: Db, nowMs: number): Promise<number> {
  const rows = await listBudgetsWithOpenAlerts(db);
  const ended = rows.map((row): EndedAlerts => {
    const period = calendarPeriodOf(toBudget(row), nowMs);
    return {
      budgetId: row.id,
      beforePeriod: period && periodName(period.startMs),
      isAll: row.archivedAt !== null,
    };
  });
  const idleSince = new Date(nowMs - CURRENT_MS);
  return resolveRows(db, ended, { now: new Date(nowMs), idleSince });
}
