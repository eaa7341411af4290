"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/skeleton";

const load = () => import("@/components/budgets/budget-page").then((module) => module.BudgetPage);
// On its way at once, beside the frame and not in front of it.
if (typeof window !== "undefined") void load();

/** One budget, as the list of them. */
export const LazyBudgetPage = dynamic(load, {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-panel" />,
});
