"use client";

import { Hourglass, Inbox } from "lucide-react";
import Link from "next/link";
import { EmptyResult } from "@/components/filters/empty-result";
import { useRangeHasEvents } from "@/components/filters/range-has-events";
import type { useScope } from "@/components/filters/use-scope";
import { useFreshness } from "@/components/layout/freshness";
import { EmptyState } from "@/components/states/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { EXPLORE_PATH } from "@/lib/paths";

/** No compared day: nothing was ever received, nothing in this range, or it was not compared yet. */
export function DaysEmpty({ state }: { state: ReturnType<typeof useScope> }) {
  const { data } = useFreshness();
  const hasEvents = useRangeHasEvents(state.scope, true);
  if (!data) return <Skeleton className="m-4 h-64" />;
  if (data.last_event_at === null) {
    return (
      <EmptyState icon={Inbox} title="Nothing was received yet">
        <Link href={EXPLORE_PATH} className="text-link underline underline-offset-2">
          Explore
        </Link>{" "}
        shows how to send the first event. What was refused shows below.
      </EmptyState>
    );
  }
  if (hasEvents) {
    return (
      <EmptyState icon={Hourglass} title="Not compared yet">
        Days are compared some minutes after their last event, and all of them once a day.
      </EmptyState>
    );
  }
  return (
    <EmptyResult
      scope={state.scope}
      isFilteredOut={false}
      onClearFilters={() => state.setFilters([])}
      onChooseRange={state.setRange}
    />
  );
}
