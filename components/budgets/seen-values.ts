import { queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";
import type { BudgetScope } from "@/lib/budgets/budget";
import { formatCount } from "@/lib/format";

/** A name that had calls, and what they cost; null: not known. */
export interface SeenValue {
  value: string;
  costUsd: string | null;
}

/** Scopes that spend can be grouped by: of a trace or a request there is nothing to choose from. */
const GROUPED: readonly BudgetScope[] = [
  "agent",
  "feature",
  "user",
  "model",
  "task_type",
  "task",
  "session",
];
const LISTED = 200;

interface GroupsAnswer {
  rows: ({ cost_usd: string | null } & Record<string, unknown>)[];
}

/** The names of a scope's dimension that had calls in the range, dearest first (`GET /api/spend`). */
export function seenValuesQuery(range: Scope, scope: BudgetScope) {
  const query = scopeQuery(range);
  query.set("interval", "total");
  query.set("group_by", scope);
  query.set("figures", "cost_usd");
  query.set("limit", String(LISTED));
  return queryOptions({
    queryKey: ["seen-values", query.toString()],
    enabled: GROUPED.includes(scope),
    queryFn: async ({ signal }): Promise<SeenValue[]> => {
      const { rows } = await requestJson<GroupsAnswer>("/api/spend", { query, signal });
      return rows.flatMap((row) => {
        const value = row[scope];
        return typeof value === "string" && value !== "" ? [{ value, costUsd: row.cost_usd }] : [];
      });
    },
  });
}

/** `412 tasks`. */
export function sayTasks(tasks: number): string {
  return `${formatCount(tasks)} ${tasks === 1 ? "task" : "tasks"}`;
}
