import {
  createParser,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import {
  type Filter,
  groupFilters,
  readFilter,
  writeFilter,
} from "@/components/filters/filter-param";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import {
  DEFAULT_RANGE,
  RANGE_IDS,
  type RangeChoice,
  type RangePreset,
  resolveRange,
  type TimeRange,
} from "@/lib/time-range";

const filterParser = createParser<Filter>({
  parse: readFilter,
  serialize: writeFilter,
  eq: (one, two) => writeFilter(one) === writeFilter(two),
});

/** What screens with a range share, in the URL. Server and browser read it alike. */
export const SCOPE_PARAMS = {
  range: parseAsStringLiteral(RANGE_IDS).withDefault(DEFAULT_RANGE),
  from: parseAsString,
  to: parseAsString,
  filter: parseAsNativeArrayOf(filterParser),
};

/** Whose figures are asked for, by which calendar, as of when: to the minute, in ms. */
export interface Place {
  project: string;
  timeZone: string;
  nowMs: number;
}

/** The part of a question that every screen shares: project, range and filters. */
export interface Scope extends Place {
  choice: RangeChoice;
  range: TimeRange;
  filters: Filter[];
}

/** What the URL chooses, at a place. */
export function resolveScope(place: Place, choice: RangeChoice, filters: Filter[]): Scope {
  const { project, timeZone, nowMs } = place;
  const range = resolveRange(choice, nowMs, timeZone);
  return { project, timeZone, choice, range, nowMs, filters };
}

/** The scope of a panel with a range of its own: nothing is filtered. */
export function presetScope(place: Place, range: RangePreset): Scope {
  return resolveScope(place, { range, from: null, to: null }, []);
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
