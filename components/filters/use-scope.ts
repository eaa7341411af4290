"use client";

import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { addFilter, type Filter, removeFilter } from "@/components/filters/filter-param";
import { resolveScope, SCOPE_PARAMS, type Scope } from "@/components/filters/scope";
import { useNow } from "@/components/filters/use-now";
import { useWorkspace } from "@/components/layout/workspace";
import type { RangeChoice } from "@/lib/time-range";

interface ScopeState {
  scope: Scope;
  setRange: (choice: RangeChoice) => void;
  setFilters: (filters: Filter[]) => void;
  addFilter: (filter: Filter) => void;
  removeFilter: (filter: Filter) => void;
}

/** Reads project, range and filters from the URL and writes them back. Every change is a step that Back undoes. */
export function useScope(): ScopeState {
  const { project, timeZone } = useWorkspace();
  const nowMs = useNow();
  const [params, setParams] = useQueryStates(SCOPE_PARAMS, { history: "push" });
  const { range, from, to, filter: filters } = params;

  const scope = useMemo(
    () => resolveScope({ project, timeZone, nowMs }, { range, from, to }, filters),
    [project, timeZone, range, from, to, nowMs, filters],
  );

  // The same object until one of them changes: what a panel is given then tells whether it has to draw.
  return useMemo((): ScopeState => {
    const setFilters = (next: Filter[]) =>
      void setParams({ filter: next.length > 0 ? next : null });
    return {
      scope,
      setRange: (choice) => {
        const isCustom = choice.range === "custom";
        void setParams({
          range: choice.range,
          from: isCustom ? choice.from : null,
          to: isCustom ? choice.to : null,
        });
      },
      setFilters,
      addFilter: (filter) => setFilters(addFilter(filters, filter)),
      removeFilter: (filter) => setFilters(removeFilter(filters, filter)),
    };
  }, [scope, filters, setParams]);
}
