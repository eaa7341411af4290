"use client";

import dynamic from "next/dynamic";
import { memo } from "react";
import { offerShorter } from "@/components/filters/offer-shorter";
import type { useScope } from "@/components/filters/use-scope";
import { ExplorePanels } from "@/components/spend/explore-panels";
import type { useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

const EmptyResult = dynamic(
  () => import("@/components/filters/empty-result").then((module) => module.EmptyResult),
  { ssr: false, loading: () => <Skeleton className="h-72" /> },
);

interface ExploreAnswerProps {
  state: ReturnType<typeof useScope>;
  params: ReturnType<typeof useExploreParams>;
}

/** What the question comes to: the panels, or why there is nothing in them. */
export const ExploreAnswer = memo(function ExploreAnswer({ state, params }: ExploreAnswerProps) {
  const { scope } = state;
  const view = useSpendView(scope, params.question);
  const isWaiting = (!view.isTableCurrent || !view.isChartWhole) && !view.chartError;
  if (view.isEmpty) {
    return (
      <Card aria-label="Result">
        <EmptyResult
          scope={scope}
          isFilteredOut={scope.filters.length > 0 && view.wasAnythingReceived}
          onClearFilters={() => state.setFilters([])}
          onChooseRange={state.setRange}
        />
      </Card>
    );
  }
  return (
    <>
      <SlowNote isWaiting={isWaiting} shorter={offerShorter(state)} />
      <ExplorePanels state={state} params={params} view={view} />
    </>
  );
});
