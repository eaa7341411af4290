"use client";

import {
  createParser,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import {
  addFilter,
  type Filter,
  groupFilters,
  readFilter,
  removeFilter,
  writeFilter,
} from "@/components/filters/filter-param";
import { useNow } from "@/components/filters/use-now";
import { ALL_PROJECTS, useWorkspace } from "@/components/layout/workspace";
import {
  DEFAULT_RANGE,
  RANGE_IDS,
  type RangeChoice,
  resolveRange,
  type TimeRange,
} from "@/lib/time-range";

const filterParser = createParser<Filter>({
  parse: readFilter,
  serialize: writeFilter,
  eq: (one, two) => writeFilter(one) === writeFilter(two),
});

/** What Explore and Calls share, in the URL. Every change is a step that Back undoes. */
const SCOPE_PARAMS = {
  range: parseAsStringLiteral(RANGE_IDS).withDefault(DEFAULT_RANGE),
  from: parseAsString,
  to: parseAsString,
  filter: parseAsNativeArrayOf(filterParser),
};

/** The part of a question that every screen shares: project, range and filters. */
export interface Scope {
  project: string;
  timeZone: string;
  choice: RangeChoice;
  range: TimeRange;
  nowMs: number;
  filters: Filter[];
}

interface ScopeState {
  scope: Scope;
  setRange: (choice: RangeChoice) => void;
  setFilters: (filters: Filter[]) => void;
  addFilter: (filter: Filter) => void;
  removeFilter: (filter: Filter) => void;
}

/** Reads project, range and filters from the URL and writes them back. */
export function useScope(): ScopeState {
  const { project, timeZone } = useWorkspace();
  const nowMs = useNow();
  const [params, setParams] = useQueryStates(SCOPE_PARAMS, { history: "push" });
  const { range, from, to, filter: filters } = params;

  const scope = useMemo(() => {
    const choice: RangeChoice = { range, from, to };
    const instants = resolveRange(choice, nowMs, timeZone);
    return { project, timeZone, choice, range: instants, nowMs, filters };
  }, [project, timeZone, range, from, to, nowMs, filters]);

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

/**
 * The API's query for a scope: instants, zone, project and `filter.<dimension>`.
 * @param filters instead of the scope's own
 */
export function scopeQuery(scope: Scope, filters: readonly Filter[] = scope.filters) {
  const query = new URLSearchParams({
    project: scope.project,
    from: new Date(scope.range.fromMs).toISOString(),
    to: new Date(scope.range.toMs).toISOString(),
    tz: scope.timeZone,
  });
  for (const [dimension, values] of groupFilters(filters)) {
    for (const value of values) query.append(`filter.${dimension}`, value);
  }
  return query;
}

/** The page's own query for a scope, to lead from one screen to another with the same question. */
export function scopeSearch(scope: Scope, filters: readonly Filter[] = scope.filters) {
  const search = new URLSearchParams();
  if (scope.project !== ALL_PROJECTS) search.set("project", scope.project);
  if (scope.choice.range !== DEFAULT_RANGE) search.set("range", scope.choice.range);
  if (scope.choice.from !== null) search.set("from", scope.choice.from);
  if (scope.choice.to !== null) search.set("to", scope.choice.to);
  for (const filter of filters) search.append("filter", writeFilter(filter));
  return search;
}
