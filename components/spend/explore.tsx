"use client";

import { useCallback, useMemo, useState } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { EmptyResult } from "@/components/filters/empty-result";
import { narrowTo } from "@/components/filters/filter-param";
import { scopeSearch, useScope } from "@/components/filters/use-scope";
import { ExploreToolbar } from "@/components/spend/explore-toolbar";
import { SpendCards } from "@/components/spend/spend-cards";
import { SpendChart } from "@/components/spend/spend-chart";
import { SpendTable } from "@/components/spend/spend-table";
import { SORT_IDS, useExploreParams } from "@/components/spend/use-explore-params";
import { useSpendView } from "@/components/spend/use-spend-view";
import { PanelError } from "@/components/states/panel-error";
import { Refetching } from "@/components/states/refetching";
import { SlowNote } from "@/components/states/slow-note";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { CALLS_PATH, withQuery } from "@/lib/paths";
import { formatEdge, RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

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
  const isEmpty = table !== null && table.lines.length === 0;

  const openBucket = useCallback(
    (slice: Slice) => {
      const from = formatEdge(slice.startMs, scope.timeZone);
      state.setRange({ range: "custom", from, to: formatEdge(slice.endMs, scope.timeZone) });
    },
    [scope.timeZone, state.setRange],
  );
  const filterOf = (name: string | null) => ({ dimension: group, value: name ?? "" });
  const shorter = shorterPreset(scope.range);

  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Explore</h1>
      <ExploreToolbar state={state} params={params} />
      <SlowNote
        isWaiting={isWaiting}
        shorter={
          shorter && {
            label: RANGE_PRESETS.find(({ id }) => id === shorter)?.label ?? shorter,
            choose: () => state.setRange({ range: shorter, from: null, to: null }),
          }
        }
      />
      <Refetching isOn={table !== null && !view.isTableCurrent && !view.tableError}>
        <SpendCards
          total={table?.total ?? null}
          onShowUnpriced={() => state.addFilter({ dimension: "cost_status", value: "unpriced" })}
          onShowErrors={() => state.addFilter({ dimension: "status", value: "error" })}
        />
      </Refetching>

      <Card aria-label="Chart">
        {view.chartError ? (
          <div className="min-h-96 p-4">
            <PanelError what="The chart" error={view.chartError} onRetry={view.retry} />
          </div>
        ) : isEmpty && view.isTableCurrent ? (
          <EmptyResult
            scope={scope}
            isFilteredOut={scope.filters.length > 0 && view.wasAnythingReceived}
            onClearFilters={() => state.setFilters([])}
            onChooseRange={state.setRange}
          />
        ) : chart && table ? (
          <Refetching isOn={!view.isChartCurrent}>
            <SpendChart
              view={chart}
              total={table.total}
              highlighted={highlighted}
              onHighlight={setHighlighted}
              onOpenBucket={openBucket}
            />
          </Refetching>
        ) : (
          <div className="p-4">
            <Skeleton className="h-90" />
          </div>
        )}
      </Card>

      <Card aria-label="Table">
        {view.tableError ? (
          <div className="min-h-40 p-4">
            <PanelError what="The table" error={view.tableError} onRetry={view.retry} />
          </div>
        ) : table && !isEmpty ? (
          <Refetching isOn={!view.isTableCurrent}>
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
              onFilter={(name) => state.setFilters(narrowTo(scope.filters, filterOf(name)))}
              callsHref={(name) =>
                withQuery(CALLS_PATH, scopeSearch(scope, narrowTo(scope.filters, filterOf(name))))
              }
            />
          </Refetching>
        ) : (
          !isEmpty && (
            <div className="p-4">
              <Skeleton className="h-80" />
            </div>
          )
        )}
      </Card>
    </div>
  );
}
