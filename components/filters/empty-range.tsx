"use client";

import type { ReactNode } from "react";
import { EmptyResult } from "@/components/filters/empty-result";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import type { useScope } from "@/components/filters/use-scope";
import { useFreshness } from "@/components/layout/freshness";
import { PanelError } from "@/components/states/panel-error";
import { Skeleton } from "@/components/ui/skeleton";

interface EmptyRangeProps {
  state: ReturnType<typeof useScope>;
  /** Nothing was ever received. */
  never: ReactNode;
  /** Something was received in the range, and there is nothing to list of it. */
  children: ReactNode;
}

/** Why a panel that takes no filters has nothing: nothing was ever received, nothing in this range, or all is well. */
export function EmptyRange({ state, never, children }: EmptyRangeProps) {
  const { data } = useFreshness();
  const { hasEvents, error, retry } = useRangeHasEvents(state.scope, true);
  if (error && hasEvents === null) {
    return (
      <div className="p-4">
        <PanelError what="Whether anything was received" error={error} onRetry={retry} />
      </div>
    );
  }
  if (!data || hasEvents === null) return <Skeleton className="m-4 h-48" />;
  if (data.last_event_at === null) return never;
  if (hasEvents) return children;
  return (
    <EmptyResult
      scope={state.scope}
      isFilteredOut={false}
      onClearFilters={() => state.setFilters([])}
      onChooseRange={state.setRange}
    />
  );
}
