"use client";

import { useQuery } from "@tanstack/react-query";
import { LazyEscalationPanel } from "@/components/alerts/lazy-escalation-panel";
import { budgetQuery } from "@/components/budgets/budget-requests";

/** The escalation of a budget, with what people did to it. */
export function BudgetEscalation({ budgetId }: { budgetId: string }) {
  const budget = useQuery(budgetQuery(budgetId)).data;
  return (
    <LazyEscalationPanel
      budgetId={budgetId}
      changes={budget?.changes ?? []}
      hasValues={budget?.value === "*"}
    />
  );
}
