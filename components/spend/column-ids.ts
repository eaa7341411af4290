import { METRIC_IDS } from "@/components/spend/metric";

/** What the table can show of a row, in the order of its columns. */
export const COLUMN_IDS = [...METRIC_IDS, "written", "unpriced", "errors"] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** What it shows unless the URL says otherwise. */
export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  "cost",
  "calls",
  "input",
  "cached",
  "output",
  "unpriced",
  "errors",
  "p95",
];

/** Columns in the table's own order, whatever the order they were chosen in. */
export function orderColumns(ids: readonly ColumnId[]): ColumnId[] {
  return COLUMN_IDS.filter((id) => ids.includes(id));
}
