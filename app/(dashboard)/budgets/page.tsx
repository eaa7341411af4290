import type { Metadata } from "next";
import { LazyBudgetsPage } from "@/components/budgets/lazy-budgets-page";

export const metadata: Metadata = { title: "Budgets" };

/** Will we stay inside? Shown before the first event too: a cap may be there before the agent. */
export default function Budgets() {
  return <LazyBudgetsPage />;
}
