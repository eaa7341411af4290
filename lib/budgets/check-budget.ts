import {
  type BudgetAction,
  type BudgetMode,
  type BudgetScope,
  type BudgetWindow,
  SCOPES_WITHOUT_VALUES,
  type StageAction,
  windowsOf,
} from "@/lib/budgets/budget";
import type { FieldError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";

const MAX_VALUE_LENGTH = 256;

/** What the rules between a budget's fields look at; each field by itself is right already. */
export interface BudgetFields {
  scope: BudgetScope;
  /** undefined: not given. */
  value?: string | null | undefined;
  window: BudgetWindow;
  week_start?: number | undefined;
  month_day?: number | undefined;
  limit_usd: string | null;
  limit_tokens: number | null;
  limit_calls: number | null;
  limit_tool_calls: number | null;
  limit_seconds: number | null;
  mode: BudgetMode;
  action: BudgetAction;
  throttle_per_minute: number | null;
  reroute_to: string | null;
  /** undefined: what fits the mode. */
  unpriced?: "warn" | "block" | { usd_per_mtok: string } | undefined;
  thresholds: readonly { percent: number; action?: StageAction | undefined }[];
}

/** Every fault of a budget as a whole, with the path of each; none: it can be kept. */
export function checkBudget(budget: BudgetFields): FieldError[] {
  return [
    ...checkPlace(budget),
    ...checkWindow(budget),
    ...checkLimits(budget),
    ...checkActions(budget),
  ];
}

function checkPlace({ scope, value }: BudgetFields): FieldError[] {
  const fault = (message: string) => [{ path: "value", message }];
  if (SCOPES_WITHOUT_VALUES.has(scope)) {
    return value == null ? [] : fault(`is not for the scope ${scope}: it has no values`);
  }
  if (scope === "project") {
    // A call always has a project. Absent: the one that the request is about.
    return value === null ? fault("must be a project's slug, or * for each one") : [];
  }
  // null would be what nobody thought of: the calls without the tag.
  if (value === undefined) {
    return fault("is required: a name, * for each one, or null for calls without the tag");
  }
  if (value === null) return [];
  if (value === "(untagged)") return fault("is null for calls without the tag");
  // Of a name that no call can carry nothing would ever be counted.
  const unusable = checkText(value, MAX_VALUE_LENGTH);
  return unusable ? fault(unusable) : [];
}

function checkWindow({ scope, window, week_start, month_day }: BudgetFields): FieldError[] {
  const errors: FieldError[] = [];
  const windows = windowsOf(scope);
  if (!windows.includes(window)) {
    const message = `of the scope ${scope} is one of ${windows.join(", ")}`;
    errors.push({ path: "window", message });
  }
  if (week_start !== undefined && window !== "week") {
    errors.push({ path: "week_start", message: "is for the window week only" });
  }
  if (month_day !== undefined && window !== "month") {
    errors.push({ path: "month_day", message: "is for the window month only" });
  }
  return errors;
}

const LIMITS = [
  "limit_usd",
  "limit_tokens",
  "limit_calls",
  "limit_tool_calls",
  "limit_seconds",
] as const;
/** One call is one call, and how long it takes is known when it is over: such a limit would never act. */
const LIMITS_OF_MANY = ["limit_calls", "limit_tool_calls", "limit_seconds"] as const;

function checkLimits(budget: BudgetFields): FieldError[] {
  if (LIMITS.every((name) => budget[name] === null)) {
    return [{ path: "limit_usd", message: `is required, or one of ${LIMITS.slice(1).join(", ")}` }];
  }
  if (budget.window !== "request") return [];
  return LIMITS_OF_MANY.filter((name) => budget[name] !== null).map((name) => {
    return { path: name, message: "cannot limit a single call: the window is request" };
  });
}

function checkActions(budget: BudgetFields): FieldError[] {
  const { mode, unpriced, thresholds, throttle_per_minute, reroute_to } = budget;
  const errors: FieldError[] = [];
  const actions = new Set<StageAction | undefined>([
    budget.action,
    ...thresholds.map(({ action }) => action),
  ]);
  if (actions.has("throttle") && throttle_per_minute === null) {
    errors.push({ path: "throttle_per_minute", message: "is required for the action throttle" });
  }
  if (actions.has("reroute") && reroute_to === null) {
    errors.push({ path: "reroute_to", message: "is required for the action reroute" });
  }
  // A strict cap holds the worst case, and nobody knows that of a call without a price.
  if (mode === "strict" && unpriced === "warn") {
    const message = "of a strict budget is block, or a rate: what has no price cannot be held";
    errors.push({ path: "unpriced", message });
  }
  thresholds.forEach(({ percent, action }, index) => {
    if (action === "lockout" && mode === "observe") {
      const message = "lockout is not for the mode observe: it never refuses";
      errors.push({ path: `thresholds.${index}.action`, message });
    }
    if (thresholds.findIndex((other) => other.percent === percent) === index) return;
    errors.push({ path: `thresholds.${index}.percent`, message: "is there twice" });
  });
  return errors;
}
