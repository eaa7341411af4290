"use client";

import type { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ComponentProps, type ReactNode, useDeferredValue } from "react";
import type { CsvChoice } from "@/components/filters/csv-menu";
import { offerShorter } from "@/components/filters/offer-shorter";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import type { useScope } from "@/components/filters/use-scope";
import type { MorePages as MorePagesType } from "@/components/states/more-pages";
import { Panel } from "@/components/states/panel";
import { useLast } from "@/components/states/use-last";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { formatQuantity } from "@/lib/format";

const ListToolbar = dynamic(
  () => import("@/components/filters/list-toolbar").then((module) => module.ListToolbar),
  { ssr: false, loading: () => <Skeleton className="h-19.5 max-w-xl" /> },
);
// A menu floats on a library of 30 kB, which no first sight of the page needs.
const CsvMenu = dynamic(
  () => import("@/components/filters/csv-menu").then((module) => module.CsvMenu),
  { ssr: false, loading: () => <span className="inline-block h-8.5 w-20" /> },
);
// Why there is nothing is asked of the server first.
const EmptyResult = dynamic(
  () => import("@/components/filters/empty-result").then((module) => module.EmptyResult),
  { ssr: false, loading: () => <Skeleton className="m-4 h-48" /> },
);

// Nor is the foot of a list at first sight, nor a note that most lists never show.
const MorePages = dynamic(
  () => import("@/components/states/more-pages").then((module) => module.MorePages),
  { ssr: false, loading: () => <div className="h-12 border-line border-t" /> },
);
const SlowNote = dynamic(
  () => import("@/components/states/slow-note").then((module) => module.SlowNote),
  { ssr: false },
);
const ExpiredNote = dynamic(
  () => import("@/components/states/expired-note").then((module) => module.ExpiredNote),
  { ssr: false },
);

interface ScopedListProps<Row> {
  /** The page's: "Calls". */
  name: string;
  /** What a row is called: `call`. */
  noun: string;
  /** Which of all rows come first: `newest`. */
  order: string;
  state: ReturnType<typeof useScope>;
  query: ComponentProps<typeof MorePagesType>["query"] &
    Pick<ReturnType<typeof useInfiniteQuery>, "isFetching" | "refetch">;
  /** Rows of all pages that are there; null: none is yet. */
  rows: readonly Row[] | null;
  /** Where the list begins, RFC 3339, if the calls before it have expired; null: at the start of the range. */
  expiredBefore: string | null;
  /** All of it as a file. */
  csv: readonly CsvChoice[];
  /** What the page adds to the toolbar. */
  actions?: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
}

/** A list of a range and filters, page by page: its toolbar, its rows, and why there are none. */
export function ScopedList<Row>(props: ScopedListProps<Row>) {
  const { name, noun, order, state, query, rows, children } = props;
  const { scope } = state;
  // The rows are drawn in pieces: a hundred of them never hold up a key or a click.
  const shown = useDeferredValue(useLast(rows));
  const isEmpty = rows?.length === 0;
  const received = useRangeHasEvents(scope, isEmpty && scope.filters.length > 0);
  const refresh = () => void query.refetch();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">{name}</h1>
      <ListToolbar
        state={state}
        isFetching={query.isFetching}
        onRefresh={refresh}
        actions={
          <>
            {props.actions}
            <CopyButton
              variant="ghost"
              className="max-sm:[&>span]:sr-only"
              label="Copy link"
              text={() => window.location.href}
            />
            <CsvMenu choices={props.csv} />
          </>
        }
      />
      {props.expiredBefore !== null && (
        <ExpiredNote what={`${noun}s`} before={props.expiredBefore} timeZone={scope.timeZone} />
      )}
      <SlowNote isWaiting={query.isFetching} shorter={offerShorter(state)} />
      {isEmpty && received.hasEvents !== null ? (
        <Card aria-label="Result">
          <EmptyResult
            scope={scope}
            isFilteredOut={received.hasEvents}
            onClearFilters={() => state.setFilters([])}
            onChooseRange={state.setRange}
          />
        </Card>
      ) : (
        <Panel
          name={name}
          error={isEmpty ? received.error : query.isFetchNextPageError ? null : query.error}
          onRetry={isEmpty ? received.retry : refresh}
          isCurrent={rows !== null}
          skeletonHeight={560}
        >
          {shown && !isEmpty && (
            <>
              {children(shown)}
              <MorePages query={query}>
                {query.hasNextPage
                  ? `The ${order} ${formatQuantity(shown.length, noun)}`
                  : `${formatQuantity(shown.length, noun)} in all`}
              </MorePages>
            </>
          )}
        </Panel>
      )}
    </div>
  );
}
