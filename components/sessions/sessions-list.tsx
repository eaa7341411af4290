"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { createParser, useQueryState } from "nuqs";
import { useMemo } from "react";
import { EmptyResult } from "@/components/filters/empty-result";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import { useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS, useWorkspace } from "@/components/layout/workspace";
import {
  DEFAULT_ORDER,
  readOrder,
  type Session,
  type SessionOrder,
  sessionsQuery,
  writeOrder,
} from "@/components/sessions/session-answer";
import { sessionCallsHref } from "@/components/sessions/session-calls-href";
import { SessionsTable } from "@/components/sessions/sessions-table";
import { MorePages } from "@/components/states/more-pages";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { formatQuantity } from "@/lib/format";
import { RANGE_PRESETS, shorterPreset } from "@/lib/time-range";

const ListToolbar = dynamic(
  () => import("@/components/filters/list-toolbar").then((module) => module.ListToolbar),
  { ssr: false, loading: () => <Skeleton className="h-19.5 max-w-xl" /> },
);

const PAGE_SIZE = 100;
const orderParser = createParser<SessionOrder>({
  parse: readOrder,
  serialize: writeOrder,
  eq: (one, two) => writeOrder(one) === writeOrder(two),
})
  .withDefault(DEFAULT_ORDER)
  .withOptions({ history: "push" });

/** What of each order comes first, in words. */
const FIRST: Record<SessionOrder["id"], [descending: string, ascending: string]> = {
  cost: ["dearest", "cheapest"],
  started: ["newest", "oldest"],
  duration: ["longest", "shortest"],
  calls: ["first", "first"],
  steps: ["first", "first"],
  errors: ["first", "first"],
};

/** What did the agent spend it on? The sessions of a range and filters, dearest first. */
export function SessionsList() {
  const state = useScope();
  const { scope } = state;
  const { projects } = useWorkspace();
  const [order, setOrder] = useQueryState("sort", orderParser);
  const query = useInfiniteQuery(sessionsQuery(scope, order, PAGE_SIZE));
  const sessions = useMemo(
    (): Session[] | null => query.data?.pages.flatMap((page) => page.sessions) ?? null,
    [query.data],
  );
  const shown = useLast(sessions);
  const isEmpty = sessions?.length === 0;
  const hasEvents = useRangeHasEvents(scope, isEmpty && scope.filters.length > 0);
  const shorter = shorterPreset(scope.range);

  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Sessions</h1>
      <ListToolbar
        state={state}
        isFetching={query.isFetching}
        onRefresh={() => void query.refetch()}
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
          name="Sessions"
          error={query.isFetchNextPageError ? null : query.error}
          onRetry={() => void query.refetch()}
          isCurrent={sessions !== null}
          skeletonHeight={560}
        >
          {shown && (
            <>
              <SessionsTable
                sessions={shown}
                timeZone={scope.timeZone}
                hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
                order={order}
                onOrder={(next) => void setOrder(next)}
                callsHref={(session) => sessionCallsHref(session, scope)}
              />
              <MorePages
                query={query}
                shown={formatQuantity(shown.length, "session")}
                order={FIRST[order.id][order.desc ? 0 : 1]}
              />
            </>
          )}
        </Panel>
      )}
    </div>
  );
}
