"use client";

import dynamic from "next/dynamic";
import type { Slice } from "@/components/charts/prepare-stack";
import { useHighlight } from "@/components/charts/use-highlight";
import { COMPARISON_LABELS } from "@/components/filters/comparison-labels";
import { scopeSearch, type useScope } from "@/components/filters/use-scope";
import { metricValue } from "@/components/spend/metric";
import { SpendCards } from "@/components/spend/spend-cards";
import { narrowToRow } from "@/components/spend/spend-questions";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";
import { SORT_IDS, type useExploreParams } from "@/components/spend/use-explore-params";
import type { useSpendView } from "@/components/spend/use-spend-view";
import { Panel } from "@/components/states/panel";
import { Refetching } from "@/components/states/refetching";
import { Skeleton } from "@/components/ui/skeleton";
import { compareFigures } from "@/lib/change";
import { CALLS_PATH, withQuery } from "@/lib/paths";
import { formatEdge } from "@/lib/time-range";

// The questions are asked first; what shows their answers loads meanwhile, into places of its size.
const SpendChart = dynamic(
  () => import("@/components/spend/spend-chart").then((module) => module.SpendChart),
  { ssr: false, loading: () => <Skeleton className="m-4 h-92" /> },
);
const SpendTable = dynamic(
  () => import("@/components/spend/spend-table").then((module) => module.SpendTable),
  { ssr: false, loading: () => <Skeleton className="h-80" /> },
);
const MoversPanel = dynamic(
  () => import("@/components/spend/movers-panel").then((module) => module.MoversPanel),
  { ssr: false, loading: () => <Skeleton className="h-90" /> },
);

interface ExplorePanelsProps {
  state: ReturnType<typeof useScope>;
  params: ReturnType<typeof useExploreParams>;
  view: ReturnType<typeof useSpendView>;
}

/** The answer's parts, each of which loads, fails and refreshes on its own; each leads to the calls behind it. */
export function ExplorePanels({ state, params, view }: ExplorePanelsProps) {
  const { scope } = state;
  const { table, chart, comparison } = view;
  const [highlighted, highlight] = useHighlight();
  const before = compareTotals(view, params);
  const narrow = (dimensions: readonly string[], names: readonly (string | null)[]) =>
    narrowToRow(scope.filters, dimensions.slice(0, names.length), names);
  const openBucket = (slice: Slice) => {
    const from = formatEdge(slice.startMs, scope.timeZone);
    state.setRange({ range: "custom", from, to: formatEdge(slice.endMs, scope.timeZone) });
  };

  return (
    <>
      {(table || !view.tableError) && (
        <Refetching isOn={table !== null && !view.isTableCurrent}>
          <SpendCards
            total={table?.total ?? null}
            costChange={before?.costChange ?? null}
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
            onHighlight={highlight}
            onOpenBucket={openBucket}
          />
        )}
      </Panel>
      {comparison && (
        <MoversPanel
          scope={scope}
          group={params.group}
          comparison={comparison}
          now={view.groups}
          before={view.groupsBefore}
          onFilter={(name) => state.setFilters(narrow([params.group], [name]))}
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
            onHighlight={highlight}
            onFilter={(names) => state.setFilters(narrow(table.dimensions, names))}
            callsHref={(names) =>
              withQuery(CALLS_PATH, scopeSearch(scope, narrow(table.dimensions, names)))
            }
          />
        )}
      </Panel>
    </>
  );
}

/** The comparison's name and sum, and the cost against it; null where nothing is compared. */
function compareTotals(
  { table, comparison }: ExplorePanelsProps["view"],
  { compare, metric }: ExplorePanelsProps["params"],
) {
  if (comparison === null || compare === null) return null;
  const total = table?.totalBefore ?? null;
  const label = COMPARISON_LABELS[compare];
  if (table === null || total === null) return { label, value: null, costChange: null };
  const costChange = compareFigures(metricValue(table.total, "cost"), metricValue(total, "cost"));
  return { label, value: metricValue(total, metric), costChange };
}
