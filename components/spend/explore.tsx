"use client";

import dynamic from "next/dynamic";
import { memo, type ReactNode, useDeferredValue, useMemo } from "react";
import { offerShorter } from "@/components/filters/offer-shorter";
import { useScope } from "@/components/filters/use-scope";
import { useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

const loadToolbar = () =>
  import("@/components/spend/explore-toolbar").then((module) => module.ExploreToolbar);
const loadPanels = () =>
  import("@/components/spend/explore-panels").then((module) => module.ExplorePanels);
// On their way at once: asked for when they are first drawn, they would wait behind the questions.
if (typeof window !== "undefined") for (const load of [loadToolbar, loadPanels]) void load();

// The questions are asked first; what changes them loads meanwhile, into a place of its size.
const ExploreToolbar = dynamic(loadToolbar, {
  ssr: false,
  // On a phone its controls stand in five rows.
  loading: () => <Skeleton className="h-46.5 max-w-xl sm:h-19.5" />,
});
const ExplorePanels = dynamic(loadPanels, { ssr: false, loading: PanelSkeletons });
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
  const params = useExploreParams(state.scope.range);
  const asked = useMemo(() => ({ state, params }), [state, params]);
  // The toolbar answers a key or a click at once; the panels follow, drawn in pieces that hold nothing up.
  const followed = useDeferredValue(asked);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Explore</h1>
      <ExploreToolbar state={state} params={params} actions={actions} />
      <ExploreAnswer {...followed} />
    </div>
  );
}

interface ExploreAnswerProps {
  state: ReturnType<typeof useScope>;
  params: ReturnType<typeof useExploreParams>;
}

/** What the question comes to: the panels, or why there is nothing in them. */
const ExploreAnswer = memo(function ExploreAnswer({ state, params }: ExploreAnswerProps) {
  const { scope } = state;
  const view = useSpendView(scope, params.question);
  const isWaiting = (!view.isTableCurrent || !view.isChartCurrent) && !view.chartError;
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
