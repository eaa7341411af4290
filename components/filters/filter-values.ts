import { queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";

/** The values that occur, and whether these are all of them. */
interface FilterValues {
  values: string[];
  isComplete: boolean;
}

interface ValuesAnswer {
  rows: Record<string, unknown>[];
}

const LISTED_VALUES = 200;

/**
 * The values of a dimension that occur in the scope, dearest first; the empty text stands for untagged.
 * The dimension's own filters are left out, or there would be nothing to add.
 */
export function filterValuesQuery(scope: Scope, dimension: string) {
  const query = scopeQuery(
    scope,
    scope.filters.filter((filter) => filter.dimension !== dimension),
  );
  query.set("interval", "total");
  query.set("group_by", dimension);
  query.set("figures", "cost_usd");
  query.set("limit", String(LISTED_VALUES));
  return queryOptions({
    queryKey: ["filter-values", query.toString()],
    queryFn: async ({ signal }): Promise<FilterValues> => {
      const answer = await requestJson<ValuesAnswer>("/api/spend", { query, signal });
      const values = answer.rows.map((row) => String(row[dimension] ?? ""));
      return { values, isComplete: values.length < LISTED_VALUES };
    },
  });
}

/**
 * What Enter takes: the text as it is, unless nothing has that name and one value alone holds it.
 * @param known null while the values are not known, or not all of them
 */
export function chooseTypedValue(typed: string, known: FilterValues | null): string {
  if (!known?.isComplete || known.values.includes(typed)) return typed;
  const matches = known.values.filter((value) => holdsText(value, typed));
  return matches.length === 1 ? (matches[0] ?? typed) : typed;
}

/** Whether a value is found by a search, whatever the case. */
export function holdsText(value: string, search: string): boolean {
  return value.toLowerCase().includes(search.toLowerCase());
}
