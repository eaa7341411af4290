"use client";

import { useQuery } from "@tanstack/react-query";
import { BudgetMeter, StateBadge } from "@/components/budgets/budget-meter";
import { budgetsQuery } from "@/components/budgets/budget-requests";
import { filterBudgets, summarise } from "@/components/budgets/filter-budgets";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { liveEvery } from "@/components/states/live-every";
import { PanelError } from "@/components/states/panel-error";
import { Card, CardDescription, CardTitle } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { BUDGETS_PATH, budgetPath, withQuery } from "@/lib/paths";

const SHOWN = 4;
/** The Overview is left open all day: what is near is looked at closely on its own page. */
const REFRESH_MS = 30_000;

/** The budgets that are nearest to their end, each with its meter; nothing at all where nothing is capped. */
export function BudgetsStrip() {
  const { project } = useWorkspace();
  const { data, error, refetch } = useQuery({
    ...budgetsQuery(project),
    refetchInterval: liveEvery(REFRESH_MS),
  });
  if (error && !data) {
    return <PanelError what="Budgets" error={error} onRetry={() => void refetch()} />;
  }
  // A limit of each call is never used up: there is nothing to look at.
  const counted = (data?.budgets ?? []).filter(({ window }) => window !== "request");
  if (counted.length === 0) return null;
  const query = new URLSearchParams(project === ALL_PROJECTS ? {} : { project });
  const nearest = filterBudgets(counted, { state: null, scope: null }).slice(0, SHOWN);
  return (
    <Card aria-label="Budgets" className="p-4">
      <div className="mb-3 flex items-start justify-between gap-3">
        <div>
          <CardTitle>Budgets</CardTitle>
          <CardDescription>{summarise(counted)}</CardDescription>
        </div>
        <PointedLink
          href={withQuery(BUDGETS_PATH, query)}
          className="text-[13px] text-link underline-offset-2 hover:underline"
        >
          All {counted.length > SHOWN ? counted.length : "budgets"}
        </PointedLink>
      </div>
      <ul className="grid gap-x-6 gap-y-3 md:grid-cols-2">
        {nearest.map((budget) => (
          <li key={budget.id} className="flex min-w-0 flex-col gap-1.5">
            <span className="flex items-center gap-2">
              <PointedLink
                href={budgetPath(budget.id, query)}
                className="min-w-0 truncate font-medium text-sm underline-offset-2 hover:underline"
              >
                {budget.name}
              </PointedLink>
              <StateBadge state={budget.state} />
            </span>
            <BudgetMeter label={budget.name} budget={budget} shows="nearest" />
          </li>
        ))}
      </ul>
    </Card>
  );
}
