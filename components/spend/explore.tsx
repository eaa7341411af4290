"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { EmptyResult } from "@/components/filters/empty-result";
import { narrowTo } from "@/components/filters/filter-param";
import { scopeSearch, useScope } from "@/components/filters/use-scope";
import { SpendCards } from "@/components/spend/spend-cards";
import { SpendChart } from "@/components/spend/spend-chart";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";
import { SORT_IDS, useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { Panel } from "@/components/states/panel";
import { Refetching } from "@/components/states/refetching";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { CALLS_PATH, withQuery } from "@/lib/paths";
import { formatEdge, RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

// The questions are asked first; what shows and changes them loads meanwhile, into places of its size.
const ExploreToolbar = dynamic(
  () => import("@/components/spend/explore-toolbar").then((module) => module.ExploreToolbar),
  { ssr: false, loading: () => <Skeleton className="h-19.5 max-w-xl" /> },
);
const SpendTable = dynamic(
  () => import("@/components/spend/spend-table").then((module) => module.SpendTable),
  { ssr: false, loading: () => <Skeleton className="h-80" /> },
);

/** Where does it go? Cards, chart and table of one question. */
export function Explore() {
  const state = useScope();
  const { scope } = state;
  const params = useExploreParams(scope.range);
  const { group, metric, interval } = params;
  const question = useMemo(() => ({ group, metric, interval }), [group, metric, interval]);
  const view = useSpendView(scope, question);
  const { table, chart } = view;
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const isWaiting = (!view.isTableCurrent || !view.isChartCurrent) && !view.chartError;

  const openBucket = (slice: Slice) => {
    const from = formatEdge(slice.startMs, scope.timeZone);
    state.setRange({ range: "custom", from, to: formatEdge(slice.endMs, scope.timeZone) });
  };
  const narrow = (name: string | null) =>
    narrowTo(scope.filters, { dimension: group, value: name ?? "" });

  if (view.isEmpty) {
    return (
      <div className="flex flex-col gap-4">
        <h1 className="sr-only">Explore</h1>
        <ExploreToolbar state={state} params={params} />
        <Card aria-label="Result">
          <EmptyResult
            scope={scope}
            isFilteredOut={scope.filters.length > 0 && view.wasAnythingReceived}
            onClearFilters={() => state.setFilters([])}
            onChooseRange={state.setRange}
          />
        </Card>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Explore</h1>
      <ExploreToolbar state={state} params={params} />
      <SlowNote isWaiting={isWaiting} shorter={offerShorter(state)} />
      {(table || !view.tableError) && (
        <Refetching isOn={table !== null && !view.isTableCurrent}>
          <SpendCards
            total={table?.total ?? null}
            onShowUnpriced={() => state.setFilters(filterUnknownCosts(scope.filters))}
            onShowErrors={() => state.addFilter({ dimension: "status", value: "error" })}
          />
        </Refetching>
      )}
      <Panel
        name="The chart"
        error={view.chartError}
        onRetry={view.retry}
        isCurrent={view.isChartCurrent}
        skeletonHeight={400}
      >
        {chart && table && (
          <SpendChart
            view={chart}
            total={table.total}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            onOpenBucket={openBucket}
          />
        )}
      </Panel>
      <Panel
        name="The table"
        error={view.tableError}
        onRetry={view.retry}
        isCurrent={view.isTableCurrent}
        skeletonHeight={320}
      >
        {table && (
          <SpendTable
            group={table.question.group}
            lines={table.lines}
            rest={table.rest}
            total={table.total}
            sort={params.sort}
            onSort={({ id, desc }) => {
              const known = SORT_IDS.find((entry) => entry === id);
              if (known) void params.setParams({ sort: { id: known, desc } });
            }}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            onFilter={(name) => state.setFilters(narrow(name))}
            callsHref={(name) => withQuery(CALLS_PATH, scopeSearch(scope, narrow(name)))}
          />
        )}
      </Panel>
    </div>
  );
}

function offerShorter({ scope, setRange }: ReturnType<typeof useScope>) {
  const shorter = shorterPreset(scope.range);
  if (shorter === null) return null;
  return {
    label: RANGE_PRESETS.find(({ id }) => id === shorter)?.label ?? shorter,
    choose: () => setRange({ range: shorter, from: null, to: null }),
  };
}
