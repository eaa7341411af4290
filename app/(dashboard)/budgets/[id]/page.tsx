import type { Metadata } from "next";
import { BudgetPage } from "@/components/budgets/budget-page";

export const metadata: Metadata = { title: "Budget" };

/** One budget: will this one hold? */
export default async function OneBudgetPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <BudgetPage budgetId={decodeURIComponent(id)} />;
}
