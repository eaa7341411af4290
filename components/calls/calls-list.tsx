"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ReactNode, useMemo } from "react";
import { type Call, callsQuery } from "@/components/calls/call-answer";
import { CallsTable } from "@/components/calls/calls-table";
import { listCsvChoices } from "@/components/calls/list-csv-choices";
import { EmptyResult } from "@/components/filters/empty-result";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import { type Scope, scopeSearch, useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS, useWorkspace } from "@/components/layout/workspace";
import { MorePages } from "@/components/states/more-pages";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { formatQuantity } from "@/lib/format";
import { callPath } from "@/lib/paths";
import { RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

const ListToolbar = dynamic(
  () => import("@/components/filters/list-toolbar").then((module) => module.ListToolbar),
  { ssr: false, loading: () => <Skeleton className="h-19.5 max-w-xl" /> },
);
// A menu floats on a library of 30 kB, which no first sight of the page needs.
const CsvMenu = dynamic(
  () => import("@/components/filters/csv-menu").then((module) => module.CsvMenu),
  { ssr: false, loading: () => <span className="inline-block h-8.5 w-20" /> },
);

/** What was this? The calls of a range and filters, newest first. */
export function CallsList({ actions }: { actions?: ReactNode }) {
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
      <ListToolbar
        state={state}
        isFetching={query.isFetching}
        onRefresh={() => void query.refetch()}
        actions={
          <>
            {actions}
            <CopyButton
              variant="ghost"
              className="max-sm:[&>span]:sr-only"
              label="Copy link"
              text={() => window.location.href}
            />
            <CsvMenu choices={listCsvChoices(scope)} />
          </>
        }
      />
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
                callHref={(call) => callHref(call, scope)}
                hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
              />
              <MorePages
                query={query}
                shown={formatQuantity(shown.length, "call")}
                order="newest"
              />
            </>
          )}
        </Panel>
      )}
    </div>
  );
}

/** A call's address with the list's range and filters in it: they lead back to this very list. */
function callHref(call: Call, scope: Scope): string {
  const search = scopeSearch(scope);
  search.delete("project");
  return search.size > 0 ? `${callPath(call)}&${search}` : callPath(call);
}
