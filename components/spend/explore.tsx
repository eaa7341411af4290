"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useMemo, useState } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { COMPARISON_LABELS } from "@/components/filters/comparison-labels";
import { EmptyResult } from "@/components/filters/empty-result";
import { scopeSearch, useScope } from "@/components/filters/use-scope";
import { metricValue } from "@/components/spend/metric";
import { SpendCards } from "@/components/spend/spend-cards";
import { SpendChart } from "@/components/spend/spend-chart";
import {
  listDimensions,
  narrowToRow,
  type SpendQuestion,
} from "@/components/spend/spend-questions";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";
import { SORT_IDS, useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { Panel } from "@/components/states/panel";
import { Refetching } from "@/components/states/refetching";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { compareFigures } from "@/lib/change";
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
const MoversPanel = dynamic(
  () => import("@/components/spend/movers-panel").then((module) => module.MoversPanel),
  { ssr: false, loading: () => <Skeleton className="h-90" /> },
);

/** Where does it go? Cards, chart and table of one question. @param actions what the page adds to the toolbar */
export function Explore({ actions }: { actions?: ReactNode }) {
  const state = useScope();
  const { scope } = state;
  const params = useExploreParams(scope.range);
  const { group, group2, metric, interval, compare, weekday } = params;
  const question = useMemo(
    (): SpendQuestion => ({
      group,
      group2,
      metric,
      interval,
      compare: compare === null ? null : { kind: compare, mustMatchWeekday: weekday },
    }),
    [group, group2, metric, interval, compare, weekday],
  );
  const view = useSpendView(scope, question);
  const { table, chart, comparison } = view;
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const isWaiting = (!view.isTableCurrent || !view.isChartCurrent) && !view.chartError;

  const openBucket = (slice: Slice) => {
    const from = formatEdge(slice.startMs, scope.timeZone);
    state.setRange({ range: "custom", from, to: formatEdge(slice.endMs, scope.timeZone) });
  };
  const narrow = (names: readonly (string | null)[]) =>
    narrowToRow(scope.filters, listDimensions(question).slice(0, names.length), names);
  const totalBefore = comparison === null ? null : (table?.totalBefore ?? null);
  const costChange =
    table && totalBefore
      ? compareFigures(metricValue(table.total, "cost"), metricValue(totalBefore, "cost"))
      : null;
  const before = compare &&
    comparison && {
      label: COMPARISON_LABELS[compare],
      value: totalBefore && metricValue(totalBefore, metric),
    };
  const toolbar = (
    <ExploreToolbar state={state} params={params} comparison={comparison} actions={actions} />
  );

  if (view.isEmpty) {
    return (
      <div className="flex flex-col gap-4">
        <h1 className="sr-only">Explore</h1>
        {toolbar}
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
      {toolbar}
      <SlowNote isWaiting={isWaiting} shorter={offerShorter(state)} />
      {(table || !view.tableError) && (
        <Refetching isOn={table !== null && !view.isTableCurrent}>
          <SpendCards
            total={table?.total ?? null}
            costChange={costChange}
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
            before={before}
            callsHref={withQuery(CALLS_PATH, scopeSearch(scope))}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            onOpenBucket={openBucket}
          />
        )}
      </Panel>
      {comparison && (
        <MoversPanel
          scope={scope}
          group={group}
          comparison={comparison}
          now={view.groups}
          before={view.groupsBefore}
          onFilter={(name) => state.setFilters(narrow([name]))}
        />
      )}
      <Panel
        name="The table"
        error={view.tableError}
        onRetry={view.retry}
        isCurrent={view.isTableCurrent}
        skeletonHeight={320}
      >
        {table && (
          <SpendTable
            view={table}
            curves={view.curves}
            isComparing={comparison !== null}
            columns={params.cols}
            onColumns={(cols) => void params.setParams({ cols })}
            sort={params.sort}
            onSort={({ id, desc }) => {
              const known = SORT_IDS.find((entry) => entry === id);
              if (known) void params.setParams({ sort: { id: known, desc } });
            }}
            highlighted={highlighted}
            onHighlight={setHighlighted}
            onFilter={(names) => state.setFilters(narrow(names))}
            callsHref={(names) => withQuery(CALLS_PATH, scopeSearch(scope, narrow(names)))}
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
