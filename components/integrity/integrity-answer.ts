import { queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";
import type { IntegrityAnswer, IntegrityRunAnswer } from "@/lib/integrity/integrity-schemas";

const RUNNING_MS = 2_000;
const MOVING_MS = 10_000;
const SETTLED_MS = 60_000;

/** What was compared in a scope's range; it asks itself again as long as something moves. */
export function integrityQuery(scope: Scope) {
  const query = scopeQuery(scope, []);
  // Days are UTC days, whatever the zone: the stores are compared by them.
  query.delete("tz");
  return queryOptions({
    queryKey: ["integrity", query.toString()],
    queryFn: ({ signal }) => requestJson<IntegrityAnswer>("/api/integrity", { query, signal }),
    refetchInterval: ({ state }) => {
      if (state.data?.running) return RUNNING_MS;
      const isMoving =
        (state.data?.totals.moving ?? 0) + (state.data?.totals.different ?? 0) > 0 ||
        state.data?.budgets.some((budget) => ["moving", "counting"].includes(budget.state));
      return isMoving ? MOVING_MS : SETTLED_MS;
    },
  });
}

/** Asks for a comparison of every day. */
export function requestCheck(project: string): Promise<IntegrityRunAnswer> {
  const query = new URLSearchParams({ project });
  return requestJson<IntegrityRunAnswer>("/api/integrity/check", { method: "POST", query });
}
