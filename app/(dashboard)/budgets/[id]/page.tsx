import type { Metadata } from "next";
import { LazyBudgetPage } from "@/components/budgets/lazy-budget-page";

export const metadata: Metadata = { title: "Budget" };

/** One budget: will this one hold? */
export default async function OneBudgetPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <LazyBudgetPage budgetId={decodeURIComponent(id)} />;
}
