"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { useHighlight } from "@/components/charts/use-highlight";
import { COMPARISON_LABELS } from "@/components/filters/comparison-labels";
import { scopeSearch } from "@/components/filters/scope";
import type { useScope } from "@/components/filters/use-scope";
import type { ColumnId } from "@/components/spend/column-ids";
import { SORT_IDS } from "@/components/spend/explore-params";
import { type Metric, metricValue } from "@/components/spend/metric";
import { SpendCards } from "@/components/spend/spend-cards";
import { SpendChart } from "@/components/spend/spend-chart";
import { narrowToRow } from "@/components/spend/spend-questions";
import { filterUnknownCosts } from "@/components/spend/unknown-cost-filters";
import { useCapLine } from "@/components/spend/use-cap-line";
import type { useExploreParams } from "@/components/spend/use-explore-params";
import type { TableView, useSpendView } from "@/components/spend/use-spend-view";
import { Panel } from "@/components/states/panel";
import { Refetching } from "@/components/states/refetching";
import { Skeleton } from "@/components/ui/skeleton";
import { compareFigures } from "@/lib/change";
import type { ComparisonId } from "@/lib/comparison-range";
import { CALLS_PATH, sessionPath, withQuery } from "@/lib/paths";
import { formatEdge } from "@/lib/time-range";

const loadTable = () =>
  import("@/components/spend/spend-table").then((module) => module.SpendTable);
if (typeof window !== "undefined") void loadTable();

// The questions are asked first; what shows their answers loads meanwhile, into places of its size.
const SpendTable = dynamic(loadTable, { ssr: false, loading: () => <Skeleton className="h-80" /> });
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
  const { compare, metric } = params;
  const before = useMemo(
    () => (comparison ? compareTotals(table, compare, metric) : null),
    [table, comparison, compare, metric],
  );
  const onCap = useCapLine(scope, table?.dimensions ?? NO_DIMENSIONS);
  const acts = usePanelActs(state, params, table?.dimensions ?? NO_DIMENSIONS);

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
            onOpenBucket={acts.openBucket}
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
          onFilter={(name) => state.setFilters(narrowToRow(scope.filters, [params.group], [name]))}
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
            onColumns={acts.chooseColumns}
            sort={params.sort}
            onSort={acts.sort}
            highlighted={highlighted}
            onHighlight={highlight}
            onFilter={acts.narrow}
            onCap={onCap}
            callsHref={acts.callsHref}
            sessionHref={acts.sessionHref}
          />
        )}
      </Panel>
    </>
  );
}

const NO_DIMENSIONS: readonly string[] = [];

/** What chart and table lead to: the same functions until the question changes, for a new one would draw them again. */
function usePanelActs(
  { scope, setRange, setFilters }: ExplorePanelsProps["state"],
  { setParams }: ExplorePanelsProps["params"],
  dimensions: readonly string[],
) {
  return useMemo(() => {
    const filtersOf = (names: readonly (string | null)[]) =>
      narrowToRow(scope.filters, dimensions.slice(0, names.length), names);
    return {
      openBucket: (slice: Slice) => {
        const from = formatEdge(slice.startMs, scope.timeZone);
        setRange({ range: "custom", from, to: formatEdge(slice.endMs, scope.timeZone) });
      },
      chooseColumns: (cols: ColumnId[]) => void setParams({ cols }),
      sort: ({ id, desc }: { id: string; desc: boolean }) => {
        const known = SORT_IDS.find((entry) => entry === id);
        if (known) void setParams({ sort: { id: known, desc } });
      },
      narrow: (names: readonly (string | null)[]) => setFilters(filtersOf(names)),
      callsHref: (names: readonly (string | null)[]) =>
        withQuery(CALLS_PATH, scopeSearch(scope, filtersOf(names))),
      sessionHref: (names: readonly (string | null)[]) => {
        const id = names[dimensions.indexOf("session")] ?? null;
        const project = names[dimensions.indexOf("project")] ?? scope.project;
        return id === null ? null : sessionPath({ kind: "session", id, project });
      },
    };
  }, [scope, setRange, setFilters, setParams, dimensions]);
}

/** The comparison's name and sum, and the cost against it; null where nothing is compared. */
function compareTotals(table: TableView | null, compare: ComparisonId | null, metric: Metric) {
  if (compare === null) return null;
  const total = table?.totalBefore ?? null;
  const label = COMPARISON_LABELS[compare];
  if (table === null || total === null) return { label, value: null, costChange: null };
  const costChange = compareFigures(metricValue(table.total, "cost"), metricValue(total, "cost"));
  return { label, value: metricValue(total, metric), costChange };
}
