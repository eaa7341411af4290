import type { NewBudgetRow } from "@/db/queries/budgets";
import type { Audience } from "@/lib/alerts/alert";
import type { StageAction } from "@/lib/budgets/budget";
import type { BudgetFields } from "@/lib/budgets/check-budget";

/** What of a budget can be changed later, beside its name and owner. */
export type BudgetRules = Pick<
  BudgetFields,
  | "limit_usd"
  | "limit_tokens"
  | "limit_calls"
  | "limit_tool_calls"
  | "limit_seconds"
  | "mode"
  | "action"
  | "throttle_per_minute"
  | "reroute_to"
> & {
  unpriced: "warn" | "block" | { usd_per_mtok: string };
  thresholds: readonly {
    percent: number;
    notify: readonly string[];
    audience?: readonly Audience[] | undefined;
    action?: StageAction | undefined;
  }[];
};

/** A budget's rules as they are stored. */
export function toRuleColumns(rules: BudgetRules) {
  const whole = (limit: number | null) => (limit === null ? null : BigInt(limit));
  const { unpriced } = rules;
  return {
    limitUsd: rules.limit_usd,
    limitTokens: whole(rules.limit_tokens),
    limitCalls: whole(rules.limit_calls),
    limitToolCalls: whole(rules.limit_tool_calls),
    limitSeconds: whole(rules.limit_seconds),
    mode: rules.mode,
    action: rules.action,
    throttlePerMinute: rules.throttle_per_minute,
    rerouteTo: rules.reroute_to,
    unpriced: typeof unpriced === "string" ? unpriced : "rate",
    unpricedUsdPerMtok: typeof unpriced === "string" ? null : unpriced.usd_per_mtok,
    thresholds: rules.thresholds.toSorted((a, b) => a.percent - b.percent),
  } satisfies Partial<NewBudgetRow>;
}
