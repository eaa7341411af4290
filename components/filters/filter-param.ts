import { isFilterable } from "@/components/filters/dimensions";

/** One chip: a dimension and one value of it; the empty value means untagged. */
export interface Filter {
  dimension: string;
  value: string;
}

/**
 * Writes a filter as one URL parameter, `feature:search`. A colon or percent sign of the dimension (a
 * metadata key may hold one) is escaped; the value is kept as it is.
 */
export function writeFilter({ dimension, value }: Filter): string {
  return `${dimension.replace(/[%:]/g, encodeURIComponent)}:${value}`;
}

/** Reads a filter; null for text that names no dimension we know. */
export function readFilter(text: string): Filter | null {
  const colon = text.indexOf(":");
  if (colon < 0) return null;
  const dimension = text.slice(0, colon).replace(/%25|%3A/gi, decodeURIComponent);
  return isFilterable(dimension) ? { dimension, value: text.slice(colon + 1) } : null;
}

/** Adds a filter once. */
export function addFilter(filters: readonly Filter[], added: Filter): Filter[] {
  return [...removeFilter(filters, added), added];
}

/** Takes one filter away. */
export function removeFilter(filters: readonly Filter[], removed: Filter): Filter[] {
  return filters.filter((filter) => writeFilter(filter) !== writeFilter(removed));
}

/** Only this value of its dimension; filters of other dimensions stay. */
export function narrowTo(filters: readonly Filter[], only: Filter): Filter[] {
  return [...filters.filter((filter) => filter.dimension !== only.dimension), only];
}

/** Filters by dimension, in the order they came: several values of one dimension mean any of them. */
export function groupFilters(filters: readonly Filter[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { dimension, value } of filters) {
    groups.set(dimension, [...(groups.get(dimension) ?? []), value]);
  }
  return groups;
}
