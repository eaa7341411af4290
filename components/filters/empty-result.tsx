"use client";

import { CalendarX2, FilterX } from "lucide-react";
import { dimensionLabel, filterValueLabel } from "@/components/filters/dimensions";
import { groupFilters } from "@/components/filters/filter-param";
import type { Scope } from "@/components/filters/scope";
import { useFreshness } from "@/components/layout/freshness";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import type { RangeChoice } from "@/lib/time-range";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

interface EmptyResultProps {
  scope: Scope;
  /** Something was received in the range: then it is the filters that exclude it. */
  isFilteredOut: boolean;
  onClearFilters: () => void;
  onChooseRange: (choice: RangeChoice) => void;
}

/** Nothing matches: because of the filters, which it names, or because nothing happened in the range. */
export function EmptyResult({
  scope,
  isFilteredOut,
  onClearFilters,
  onChooseRange,
}: EmptyResultProps) {
  const { data } = useFreshness();
  if (isFilteredOut) {
    return (
      <EmptyState
        icon={FilterX}
        title="The filters exclude everything"
        actions={
          <Button variant="primary" onClick={onClearFilters}>
            Clear filters
          </Button>
        }
      >
        Calls were received in this range, but none with {describeFilters(scope)}.
      </EmptyState>
    );
  }
  const lastMs = data?.last_event_at ? Date.parse(data.last_event_at) : null;
  const day = lastMs === null ? null : formatLocalDate(toLocalTime(lastMs, scope.timeZone));
  return (
    <EmptyState
      icon={CalendarX2}
      title="Nothing was received in this range"
      actions={
        day && (
          <Button
            variant="primary"
            onClick={() => onChooseRange({ range: "custom", from: day, to: day })}
          >
            Go to the last event
          </Button>
        )
      }
    >
      {lastMs !== null && `The last event was ${sayAgo(scope.nowMs - lastMs)}, on ${day}.`}
    </EmptyState>
  );
}

function describeFilters(scope: Scope): string {
  return [...groupFilters(scope.filters)]
    .map(([dimension, values]) => {
      const names = values.map((value) => filterValueLabel(dimension, value)).join(" or ");
      return `${dimensionLabel(dimension).toLowerCase()} ${names}`;
    })
    .join(" and ");
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function sayAgo(elapsedMs: number): string {
  const [unit, size] = UNITS.find(([, ms]) => elapsedMs >= ms) ?? ["minute", 60_000];
  return AGO.format(-Math.max(1, Math.floor(elapsedMs / size)), unit);
}
