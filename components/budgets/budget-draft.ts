import {
  type BudgetLimits,
  type BudgetTarget,
  describeTarget,
  describeWindow,
} from "@/components/budgets/budget-words";
import { readStages, type StageDraft, stageDraftsOf } from "@/components/budgets/stages-draft";
import {
  type BudgetAction,
  type BudgetMode,
  type BudgetScope,
  type BudgetWindow,
  SCOPES_WITHOUT_VALUES,
  windowsOf,
} from "@/lib/budgets/budget";
import { formatUsd, parseUsd } from "@/lib/money";

/** Which values of a scope: one by name, each one by itself, or the calls without the tag. */
export type ValueKind = "one" | "each" | "untagged";
export type UnpricedChoice = "warn" | "block" | "rate";

/** A budget as it is typed. */
export interface BudgetDraft {
  scope: BudgetScope;
  valueKind: ValueKind;
  value: string;
  /** Slug; null: the whole installation. */
  project: string | null;
  window: BudgetWindow;
  limits: Record<LimitName, string>;
  mode: BudgetMode;
  action: BudgetAction;
  throttlePerMinute: string;
  rerouteTo: string;
  /** Empty: it is made from the scope and the value. */
  name: string;
  owner: string;
  unpriced: UnpricedChoice;
  usdPerMtok: string;
  stages: readonly StageDraft[];
  timeZone: string;
  weekStart: number;
  monthDay: string;
}

export const LIMIT_NAMES = ["usd", "tokens", "calls", "tool_calls", "seconds"] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
/** Where a fault stands in the form. */
export type DraftField =
  | "value"
  | "project"
  | LimitName
  | "throttle"
  | "reroute"
  | "rate"
  | "stages"
  | "monthDay";

const NO_LIMITS: Record<LimitName, string> = {
  usd: "",
  tokens: "",
  calls: "",
  tool_calls: "",
  seconds: "",
};
/** What one task of an agent is offered: enough for most, and an end to a loop. */
export const SESSION_LIMITS: Record<LimitName, string> = {
  usd: "0.50",
  tokens: "20000",
  calls: "",
  tool_calls: "15",
  seconds: "120",
};

interface DraftStart {
  scope?: BudgetScope;
  value?: string;
  isUntagged?: boolean;
  project: string | null;
  limitUsd?: string;
  timeZone: string;
}

/** What a new budget begins with: enforced, by the month, and refusing at the limit. */
export function startDraft({
  scope = "agent",
  value = "",
  isUntagged = false,
  project,
  limitUsd = "",
  timeZone,
}: DraftStart): BudgetDraft {
  const windows = windowsOf(scope);
  return {
    scope,
    valueKind: isUntagged ? "untagged" : value === "*" ? "each" : "one",
    value: value === "*" ? "" : value,
    project,
    window: windows.includes("month") ? "month" : (windows.at(-1) ?? "request"),
    limits: { ...NO_LIMITS, usd: limitUsd },
    mode: "enforce",
    action: "block",
    throttlePerMinute: "",
    rerouteTo: "",
    name: "",
    owner: "",
    unpriced: "warn",
    usdPerMtok: "",
    stages: stageDraftsOf([
      { percent: 70, notify: [] },
      { percent: 100, notify: [] },
    ]),
    timeZone,
    weekStart: 1,
    monthDay: "1",
  };
}

/** Another scope keeps what still makes sense of the draft: a window it can have, and no value of the last one. */
export function withScope(draft: BudgetDraft, scope: BudgetScope): BudgetDraft {
  const windows = windowsOf(scope);
  const window = windows.includes(draft.window) ? draft.window : (windows.at(-1) ?? "request");
  return { ...draft, scope, window, value: "", valueKind: "one" };
}

/** True for a scope whose calls carry a name. */
export function hasValues(scope: BudgetScope): boolean {
  return scope !== "project" && !SCOPES_WITHOUT_VALUES.has(scope);
}

/** Whom the draft is for. */
export function targetOf({ scope, valueKind, value, project }: BudgetDraft): BudgetTarget {
  // The whole installation is of no project.
  if (scope === "global") return { scope, value: null, project: null };
  if (scope === "project") return { scope, value: project ?? "*", project };
  if (!hasValues(scope)) return { scope, value: null, project };
  const named = valueKind === "each" ? "*" : valueKind === "untagged" ? null : value.trim();
  return { scope, value: named, project };
}

/** `Agent researcher per month`, unless it has a name of its own. */
export function nameOf(draft: BudgetDraft): string {
  const typed = draft.name.trim();
  if (typed !== "") return typed;
  const made = `${describeTarget(targetOf(draft))} ${describeWindow(draft.window)}`;
  return `${made.charAt(0).toUpperCase()}${made.slice(1)}`.slice(0, 100);
}

/** Dollars as people type them, `$2,000.50`, as a decimal string; null for what is no amount of money. */
export function readDollars(text: string): string | null {
  const femtoUsd = parseUsd(text.replace(/[$,\s]/g, ""));
  return femtoUsd === null || femtoUsd < 0n ? null : formatUsd(femtoUsd);
}

/** A whole number as people type it, `20,000`; null for anything else. */
export function readCount(text: string): number | null {
  const digits = text.replace(/[,\s]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

/** The limits typed so far; what cannot be read is none. */
export function limitsOf({ limits }: Pick<BudgetDraft, "limits">): BudgetLimits {
  return {
    limit_usd: readDollars(limits.usd),
    limit_tokens: readCount(limits.tokens),
    limit_calls: readCount(limits.calls),
    limit_tool_calls: readCount(limits.tool_calls),
    limit_seconds: readCount(limits.seconds),
  };
}

/** What is missing or wrong, by field; empty when the budget can be made. */
export function listFaults(draft: BudgetDraft): Partial<Record<DraftField, string>> {
  const faults: Partial<Record<DraftField, string>> = {};
  const target = targetOf(draft);
  if (hasValues(draft.scope) && target.value === "") faults.value = "Choose one, or type its name.";
  const typed = LIMIT_NAMES.filter((name) => draft.limits[name].trim() !== "");
  if (typed.length === 0) faults.usd = "Set a limit: dollars, or another one below.";
  for (const name of typed) {
    const isDollars = name === "usd";
    const value = isDollars ? readDollars(draft.limits.usd) : readCount(draft.limits[name]);
    if (value === null)
      faults[name] = isDollars ? "An amount, such as 2000 or 0.50." : "A whole number.";
  }
  if (draft.action === "throttle" && !((readCount(draft.throttlePerMinute) ?? 0) > 0)) {
    faults.throttle = "How many calls a minute, at least 1.";
  }
  if (draft.action === "reroute" && draft.rerouteTo.trim() === "")
    faults.reroute = "Name the model.";
  if (draft.unpriced === "rate" && readDollars(draft.usdPerMtok) === null) {
    faults.rate = "Dollars per million tokens.";
  }
  if (readStages(draft.stages, draft.mode) === null) faults.stages = "A stage has a fault.";
  const day = readCount(draft.monthDay) ?? 0;
  if (day < 1 || day > 31) faults.monthDay = "A day from 1 to 31.";
  return faults;
}
