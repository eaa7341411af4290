import { queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/use-scope";
import { requestJson } from "@/lib/api-client";

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
    queryFn: async ({ signal }) => {
      const answer = await requestJson<ValuesAnswer>("/api/spend", { query, signal });
      return answer.rows.map((row) => String(row[dimension] ?? ""));
    },
  });
}
