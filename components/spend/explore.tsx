"use client";

import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { offerShorter } from "@/components/filters/offer-shorter";
import { useScope } from "@/components/filters/use-scope";
import { useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

// The questions are asked first; what changes them loads meanwhile, into a place of its size.
const ExploreToolbar = dynamic(
  () => import("@/components/spend/explore-toolbar").then((module) => module.ExploreToolbar),
  { ssr: false, loading: () => <Skeleton className="h-19.5 max-w-xl" /> },
);
const ExplorePanels = dynamic(
  () => import("@/components/spend/explore-panels").then((module) => module.ExplorePanels),
  { ssr: false, loading: PanelSkeletons },
);
const EmptyResult = dynamic(
  () => import("@/components/filters/empty-result").then((module) => module.EmptyResult),
  { ssr: false, loading: () => <Skeleton className="h-72" /> },
);

/**
 * Where does it go? Cards, chart and table of one question, and what moved against an earlier time.
 * @param actions what the page adds to the toolbar
 */
export function Explore({ actions }: { actions?: ReactNode }) {
  const state = useScope();
  const { scope } = state;
  const params = useExploreParams(scope.range);
  const view = useSpendView(scope, params.question);
  const isWaiting = (!view.isTableCurrent || !view.isChartCurrent) && !view.chartError;
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Explore</h1>
      <ExploreToolbar
        state={state}
        params={params}
        comparison={view.comparison}
        firstEventAt={view.firstEventAt}
        actions={actions}
      />
      {view.isEmpty ? (
        <Card aria-label="Result">
          <EmptyResult
            scope={scope}
            isFilteredOut={scope.filters.length > 0 && view.wasAnythingReceived}
            onClearFilters={() => state.setFilters([])}
            onChooseRange={state.setRange}
          />
        </Card>
      ) : (
        <>
          <SlowNote isWaiting={isWaiting} shorter={offerShorter(state)} />
          <ExplorePanels state={state} params={params} view={view} />
        </>
      )}
    </div>
  );
}

/** Cards, chart and table before their script is there, each in its size. */
function PanelSkeletons() {
  return (
    <>
      <Skeleton className="h-27 rounded-panel" />
      <Skeleton className="h-100 rounded-panel" />
      <Skeleton className="h-80 rounded-panel" />
    </>
  );
}
