import { isPercentile, METRIC_IDS } from "@/components/spend/metric";

/** What the table can show of a row, in the order of its columns. */
export const COLUMN_IDS = [...METRIC_IDS, "written", "unpriced", "errors"] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

const DEFAULT_COLUMNS: readonly ColumnId[] = [
  "cost",
  "calls",
  "input",
  "cached",
  "output",
  "unpriced",
  "errors",
  "p95",
];

/**
 * What it shows of these dimensions unless the URL says otherwise. The sums of people hold no latencies: a percentile of
 * theirs reads every call, which takes seconds where there are millions, so it comes when it is asked for.
 */
export function defaultColumns(dimensions: readonly string[]): ColumnId[] {
  const isOfPeople = dimensions.includes("user");
  return DEFAULT_COLUMNS.filter((id) => !isOfPeople || !isLatency(id));
}

/** True for a column of percentiles. */
export function isLatency(id: ColumnId): boolean {
  return METRIC_IDS.some((metric) => metric === id && isPercentile(metric));
}

/** Columns in the table's own order, whatever the order they were chosen in. */
export function orderColumns(ids: readonly ColumnId[]): ColumnId[] {
  return COLUMN_IDS.filter((id) => ids.includes(id));
}
