import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { createLoader } from "nuqs/server";
import { FirstRun } from "@/app/(dashboard)/first-run";
import { collectFigures } from "@/app/(dashboard)/first-visit";
import { CapDialog } from "@/components/budgets/cap-dialog";
import { resolveScope, SCOPE_PARAMS } from "@/components/filters/scope";
import { FirstEventGate } from "@/components/layout/first-event-gate";
import { PROJECT_PARAM } from "@/components/layout/project-param";
import { Explore } from "@/components/spend/explore";
import { chooseExplore, EXPLORE_PARAMS } from "@/components/spend/explore-params";
import { askChartFirst } from "@/components/spend/first-questions";
import { LazyViewsMenu } from "@/components/views/lazy-views-menu";

export const metadata: Metadata = { title: "Explore" };

interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const readParams = createLoader({ ...PROJECT_PARAM, ...SCOPE_PARAMS, ...EXPLORE_PARAMS });

/** Where does it go? Before the first event: how to send one. */
export default async function ExplorePage({ searchParams }: PageProps) {
  const params = await readParams(searchParams);
  const state = await collectFigures(params.project, (ask, place) => {
    const scope = resolveScope(place, params, params.filter);
    return askChartFirst(ask, scope, chooseExplore(params, scope.range).question);
  });
  return (
    <HydrationBoundary state={state}>
      <FirstEventGate waiting={<FirstRun />}>
        <Explore actions={<LazyViewsMenu screen="explore" />} />
        <CapDialog />
      </FirstEventGate>
    </HydrationBoundary>
  );
}
