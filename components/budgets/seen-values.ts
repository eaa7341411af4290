import { queryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";
import type { BudgetScope } from "@/lib/budgets/budget";
import { formatCount } from "@/lib/format";
import { divideHalfEven, FEMTO_PER_USD, type FemtoUsd, formatUsd, parseUsd } from "@/lib/money";

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

const MONTH_MS = 30n * 86_400_000n;

/**
 * A month's limit from what was spent in a range: at that rate a month comes to so much, and a fifth on top, rounded up to
 * two digits. A guess to start from, not a figure.
 * @returns null where nothing was spent or it is not known
 */
export function suggestLimit(costUsd: string | null, rangeMs: number): string | null {
  const spent: FemtoUsd | null = costUsd === null ? null : parseUsd(costUsd);
  if (spent === null || spent <= 0n || rangeMs <= 0) return null;
  const month = divideHalfEven(spent * MONTH_MS * 6n, BigInt(Math.round(rangeMs)) * 5n);
  return formatUsd(roundUp(month));
}

/** To two digits, and to whole cents at the least. */
function roundUp(femtoUsd: FemtoUsd): FemtoUsd {
  const cent = FEMTO_PER_USD / 100n;
  const digits = femtoUsd.toString().length;
  const unit = digits > 2 ? 10n ** BigInt(digits - 2) : 1n;
  const step = unit > cent ? unit : cent;
  return ((femtoUsd + step - 1n) / step) * step;
}

/** `412 tasks`. */
export function sayTasks(tasks: number): string {
  return `${formatCount(tasks)} ${tasks === 1 ? "task" : "tasks"}`;
}
