"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useDeferredValue, useMemo } from "react";
import { useScope } from "@/components/filters/use-scope";
import { useExploreParams } from "@/components/spend/use-explore-params";
import { Skeleton } from "@/components/ui/skeleton";

const loadToolbar = () =>
  import("@/components/spend/explore-toolbar").then((module) => module.ExploreToolbar);
const loadAnswer = () =>
  import("@/components/spend/explore-answer").then((module) => module.ExploreAnswer);
// On their way at once, not only when they are first drawn.
if (typeof window !== "undefined") for (const load of [loadToolbar, loadAnswer]) void load();

// The toolbar is all buttons: it comes when they work.
const ExploreToolbar = dynamic(loadToolbar, {
  ssr: false,
  // On a phone its controls stand in five rows.
  loading: () => <Skeleton className="h-46.5 max-w-xl sm:h-19.5" />,
});
// On a first load it stands in the page's HTML, and its script takes it over.
const ExploreAnswer = dynamic(loadAnswer, { loading: PanelSkeletons });

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
