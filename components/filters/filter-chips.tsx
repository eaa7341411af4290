"use client";

import { X } from "lucide-react";
import { dimensionLabel, filterValueLabel } from "@/components/filters/dimensions";
import { type Filter, groupFilters } from "@/components/filters/filter-param";
import { Button } from "@/components/ui/button";

interface FilterChipsProps {
  filters: readonly Filter[];
  onRemove: (filter: Filter) => void;
  onClear: () => void;
}

/** The filters in force, one chip a dimension: `Feature: search or chat`. */
export function FilterChips({ filters, onRemove, onClear }: FilterChipsProps) {
  if (filters.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {[...groupFilters(filters)].map(([dimension, values]) => (
        <li
          key={dimension}
          className="flex min-h-7 min-w-0 max-w-full flex-wrap items-center rounded-control border border-line bg-surface pl-2 text-[13px]"
        >
          <span className="text-ink-muted">{dimensionLabel(dimension)}</span>
          {values.map((value, index) => (
            <span key={value} className="flex min-w-0 items-center pl-1.5">
              {index > 0 && <span className="pr-1.5 text-ink-muted">or</span>}
              <span className="max-w-56 truncate font-medium">
                {filterValueLabel(dimension, value)}
              </span>
              <button
                type="button"
                aria-label={`Remove filter ${dimensionLabel(dimension)}: ${filterValueLabel(dimension, value)}`}
                onClick={() => onRemove({ dimension, value })}
                className="inline-flex size-6.5 items-center justify-center rounded-control text-ink-muted hover:bg-surface-strong hover:text-ink"
              >
                <X aria-hidden="true" className="size-3.5" />
              </button>
            </span>
          ))}
        </li>
      ))}
      {filters.length > 1 && (
        <li>
          <Button variant="ghost" size="small" onClick={onClear}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  );
}
