"use client";

import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { AddFilter } from "@/components/filters/add-filter";
import { FilterChips } from "@/components/filters/filter-chips";
import { RangeMenu } from "@/components/filters/range-menu";
import type { useScope } from "@/components/filters/use-scope";
import { Button } from "@/components/ui/button";

interface ListToolbarProps {
  state: ReturnType<typeof useScope>;
  isFetching: boolean;
  onRefresh: () => void;
  /** What the page adds beside Refresh. */
  actions?: ReactNode;
}

/** Range and filters of a list, shared with Explore, and a refresh: the list never moves by itself. */
export function ListToolbar({ state, isFetching, onRefresh, actions }: ListToolbarProps) {
  const { scope } = state;
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex items-start justify-between gap-2">
        <RangeMenu scope={scope} onChoose={state.setRange} />
        {/* In one line beside the range, whose dates go below it; on the narrowest screens they wrap instead. */}
        <div className="flex flex-wrap justify-end gap-1 min-[360px]:shrink-0">
          {actions}
          <Button
            variant="ghost"
            disabled={isFetching}
            onClick={onRefresh}
            className="max-sm:[&>span]:sr-only"
          >
            <RotateCw aria-hidden="true" />
            <span>Refresh</span>
          </Button>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <AddFilter scope={scope} onAdd={state.addFilter} onRemove={state.removeFilter} />
        <FilterChips
          filters={scope.filters}
          onRemove={state.removeFilter}
          onClear={() => state.setFilters([])}
        />
      </div>
    </div>
  );
}
