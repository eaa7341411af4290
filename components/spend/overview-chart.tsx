"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import type { Slice } from "@/components/charts/prepare-stack";
import { useHighlight } from "@/components/charts/use-highlight";
import { scopeSearch } from "@/components/filters/scope";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { OVERVIEW_QUESTION, OVERVIEW_RANGE } from "@/components/spend/first-questions";
import { SpendChart } from "@/components/spend/spend-chart";
import { useSpendView } from "@/components/spend/use-spend-view";
import { Panel } from "@/components/states/panel";
import { CALLS_PATH, EXPLORE_PATH, withQuery } from "@/lib/paths";
import { formatEdge } from "@/lib/time-range";

/** Thirty days of cost by feature; a day leads to Explore. */
export function OverviewChart() {
  const scope = usePresetScope(OVERVIEW_RANGE);
  const router = useRouter();
  const view = useSpendView(scope, OVERVIEW_QUESTION);
  const { chart, table } = view;
  const [highlighted, highlight] = useHighlight();
  const openBucket = useCallback(
    ({ startMs, endMs }: Slice) => {
      const search = scopeSearch(scope);
      search.set("range", "custom");
      search.set("from", formatEdge(startMs, scope.timeZone));
      search.set("to", formatEdge(endMs, scope.timeZone));
      router.push(withQuery(EXPLORE_PATH, search));
    },
    [scope, router],
  );
  return (
    <Panel
      name="The chart"
      error={view.chartError ?? view.tableError}
      onRetry={view.retry}
      isCurrent={view.isChartCurrent}
      skeletonHeight={400}
    >
      {chart && table && (
        <SpendChart
          view={chart}
          total={table.total}
          before={null}
          callsHref={withQuery(CALLS_PATH, scopeSearch(scope))}
          highlighted={highlighted}
          onHighlight={highlight}
          onOpenBucket={openBucket}
        />
      )}
    </Panel>
  );
}
