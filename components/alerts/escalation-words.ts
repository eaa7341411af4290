import { KIND_WORDS } from "@/components/alerts/kind-words";
import type { AlertAction } from "@/lib/alerts/alert";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";
import type { BudgetChangeAnswer } from "@/lib/budgets/budget-answer-schemas";

const DID: Readonly<Record<AlertAction, string>> = {
  block: "refuses calls",
  throttle: "slows calls down",
  reroute: "moves calls to a cheaper model",
  lockout: "locked it",
};

/** What was passed and what that did: `120 %: locked it`, `70 %: told`, `Forecast`. */
export function sayStage({
  kind,
  percent,
  action,
}: Pick<AlertAnswer, "kind" | "percent" | "action">) {
  if (kind !== "threshold" || percent === null) return KIND_WORDS[kind].label;
  return `${percent} %: ${action === null ? "told" : DID[action]}`;
}

const FIELDS: Readonly<Record<string, string>> = {
  limit_usd: "limit in dollars",
  limit_tokens: "limit in tokens",
  limit_calls: "limit in calls",
  limit_tool_calls: "limit in tool calls",
  limit_seconds: "limit in seconds",
  thresholds: "stages",
  unpriced: "rule for unpriced calls",
  action: "action at the limit",
  reroute_to: "cheaper model",
  throttle_per_minute: "calls a minute",
};

/**
 * What somebody did to a budget, in words: `Unlocked`, `Ada unlocked it: launch day`.
 * @param hasValues whether a value must be named: the budget has one counter each
 */
export function sayChange(
  change: BudgetChangeAnswer,
  hasValues: boolean,
): { label: string; text: string } {
  const { by, kind, reason, value, changed, opens_period } = change;
  switch (kind) {
    case "created":
      return { label: "Made", text: `${by} made this budget.` };
    case "archived":
      return { label: "Removed", text: `${by} removed this budget.` };
    case "unlocked": {
      const what = hasValues ? (value ?? "one of its values") : "it";
      return { label: "Unlocked", text: `${by} unlocked ${what}: ${reason}` };
    }
    case "updated": {
      const names = changed.map((field) => FIELDS[field] ?? field.replaceAll("_", " ")).join(", ");
      const anew = opens_period ? ". Stages that were passed tell and act anew." : ".";
      return { label: "Changed", text: `${by} changed its ${names || "settings"}${anew}` };
    }
  }
}
