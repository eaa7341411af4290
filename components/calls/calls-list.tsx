"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useMemo } from "react";
import { type Call, callsQuery } from "@/components/calls/call-answer";
import { CallsTable } from "@/components/calls/calls-table";
import { AddFilter } from "@/components/filters/add-filter";
import { EmptyResult } from "@/components/filters/empty-result";
import { FilterChips } from "@/components/filters/filter-chips";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import { RangeMenu } from "@/components/filters/range-menu";
import { useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS, useWorkspace } from "@/components/layout/workspace";
import { Panel } from "@/components/states/panel";
import { PanelError } from "@/components/states/panel-error";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { formatCount } from "@/lib/format";
import { RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

/** What was this? The calls of a range and filters, newest first. */
export function CallsList() {
  const state = useScope();
  const { scope } = state;
  const { projects } = useWorkspace();
  const query = useInfiniteQuery(callsQuery(scope));
  const calls = useMemo(
    (): Call[] | null => query.data?.pages.flatMap((page) => page.calls) ?? null,
    [query.data],
  );
  const shown = useLast(calls);
  const isEmpty = calls?.length === 0;
  const hasEvents = useRangeHasEvents(scope, isEmpty && scope.filters.length > 0);
  const shorter = shorterPreset(scope.range);

  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Calls</h1>
      <div className="flex items-start justify-between gap-2">
        <RangeMenu scope={scope} onChoose={state.setRange} />
        <Button
          variant="ghost"
          disabled={query.isFetching}
          onClick={() => void query.refetch()}
          className="max-sm:[&>span]:sr-only"
        >
          <RotateCw aria-hidden="true" />
          <span>Refresh</span>
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <AddFilter scope={scope} onAdd={state.addFilter} onRemove={state.removeFilter} />
        <FilterChips
          filters={scope.filters}
          onRemove={state.removeFilter}
          onClear={() => state.setFilters([])}
        />
      </div>
      <SlowNote
        isWaiting={query.isFetching}
        shorter={
          shorter && {
            label: RANGE_PRESETS.find(({ id }) => id === shorter)?.label ?? shorter,
            choose: () => state.setRange({ range: shorter, from: null, to: null }),
          }
        }
      />
      {isEmpty ? (
        <Card aria-label="Result">
          <EmptyResult
            scope={scope}
            isFilteredOut={hasEvents}
            onClearFilters={() => state.setFilters([])}
            onChooseRange={state.setRange}
          />
        </Card>
      ) : (
        <Panel
          name="Calls"
          error={query.isFetchNextPageError ? null : query.error}
          onRetry={() => void query.refetch()}
          isCurrent={calls !== null}
          skeletonHeight={560}
        >
          {shown && (
            <>
              <CallsTable
                calls={shown}
                timeZone={scope.timeZone}
                hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
              />
              <MorePages query={query} count={shown.length} />
            </>
          )}
        </Panel>
      )}
    </div>
  );
}

interface MorePagesProps {
  query: Pick<
    ReturnType<typeof useInfiniteQuery>,
    "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError" | "error" | "fetchNextPage"
  >;
  count: number;
}

function MorePages({ query, count }: MorePagesProps) {
  if (query.isFetchNextPageError) {
    return (
      <div className="border-line border-t p-4">
        <PanelError
          what="The next page"
          error={query.error}
          onRetry={() => void query.fetchNextPage()}
        />
      </div>
    );
  }
  return (
    <div className="flex items-center justify-between gap-3 border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
      <span aria-live="polite">
        {formatCount(count)} {query.hasNextPage ? "newest calls" : "calls, all of them"}
      </span>
      {query.hasNextPage && (
        <Button
          size="small"
          aria-disabled={query.isFetchingNextPage}
          onClick={() => !query.isFetchingNextPage && void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? "Loading…" : "Load more"}
        </Button>
      )}
    </div>
  );
}
