import type { Metadata } from "next";
import { BudgetEscalation } from "@/app/(dashboard)/budgets/[id]/budget-escalation";
import { LazyBudgetPage } from "@/components/budgets/lazy-budget-page";

export const metadata: Metadata = { title: "Budget" };

/** One budget: will this one hold? */
export default async function OneBudgetPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const budgetId = decodeURIComponent(id);
  return (
    <LazyBudgetPage budgetId={budgetId} escalation={<BudgetEscalation budgetId={budgetId} />} />
  );
}
