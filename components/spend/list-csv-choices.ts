import type { CsvChoice } from "@/components/filters/csv-menu";
import { dimensionLabel } from "@/components/filters/dimensions";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import type { Interval } from "@/lib/time-range";

/** The files of Explore: its table, and the same by the chart's bins. Both have every group and figure. */
export function listCsvChoices(
  scope: Scope,
  { group, group2, interval }: { group: string; group2: string | null; interval: Interval },
): CsvChoice[] {
  const groups = group2 === null ? [group] : [group, group2];
  const names = groups.map((name) => dimensionLabel(name).toLowerCase()).join(" and ");
  return [
    { label: `The table: by ${names}`, query: queryOf(scope, groups, "total") },
    { label: `By ${interval}, ${names}`, query: queryOf(scope, groups, interval) },
  ];
}

function queryOf(scope: Scope, groups: readonly string[], interval: Interval | "total") {
  const query = scopeQuery(scope);
  query.set("format", "csv");
  query.set("interval", interval);
  query.set("group_by", groups.join(","));
  return query;
}
