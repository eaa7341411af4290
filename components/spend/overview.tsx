"use client";

import dynamic from "next/dynamic";
import { memo, type ReactNode } from "react";
import { useMonth } from "@/components/spend/use-month";
import { WhenNear } from "@/components/states/when-near";
import { Skeleton } from "@/components/ui/skeleton";

const loadCards = () =>
  import("@/components/spend/month-cards").then((module) => module.MonthCards);
const loadChart = () =>
  import("@/components/spend/overview-chart").then((module) => module.OverviewChart);
const loadMovers = () =>
  import("@/components/spend/overview-movers").then((module) => module.OverviewMovers);
// On their way at once: asked for when they are first drawn, they would wait behind the month's questions.
if (typeof window !== "undefined") {
  for (const load of [loadCards, loadChart]) void load();
}

// The month's figures are asked first; what explains them loads meanwhile, into places of its size. Each asks for
// itself: an answer to the month's questions must not draw the chart again.
const MonthCards = dynamic(loadCards, {
  loading: () => <Skeleton className="h-114 rounded-panel sm:h-57 xl:h-30" />,
});
const OverviewChart = memo(dynamic(loadChart, { loading: () => <Skeleton className="h-100" /> }));
const MOVERS_PLACE = <Skeleton className="h-90" />;
const OverviewMovers = memo(dynamic(loadMovers, { ssr: false, loading: () => MOVERS_PLACE }));

interface OverviewProps {
  /** What is unwell, above everything; nothing where all is well. */
  strip: ReactNode;
  /** Budgets, where there are any. */
  budgets: ReactNode;
  /** The costliest sessions. */
  sessions: ReactNode;
}

/** Is anything wrong, and what will this month come to? */
export function Overview({ strip, budgets, sessions }: OverviewProps) {
  const month = useMonth();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Overview</h1>
      {strip}
      <MonthCards month={month} />
      <OverviewChart />
      {budgets}
      <WhenNear fallback={MOVERS_PLACE}>
        <OverviewMovers />
      </WhenNear>
      {sessions}
    </div>
  );
}
