import {
  type BudgetDraft,
  limitsOf,
  nameOf,
  readCount,
  readDollars,
  startDraft,
  targetOf,
} from "@/components/budgets/budget-draft";
import { ACTION_WORDS, joinWords, listLimits, MODE_WORDS } from "@/components/budgets/budget-words";
import { readStages, sayStages, stageDraftsOf } from "@/components/budgets/stages-draft";
import { SCOPES_WITHOUT_VALUES } from "@/lib/budgets/budget";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";

/** The body of POST /api/budgets. */
export function createBody(draft: BudgetDraft) {
  const { scope, value, project } = targetOf(draft);
  const { window } = draft;
  return {
    scope,
    ...(SCOPES_WITHOUT_VALUES.has(scope) ? {} : { value }),
    project,
    window,
    tz: draft.timeZone,
    ...(window === "week" ? { week_start: draft.weekStart } : {}),
    ...(window === "month" ? { month_day: Number(draft.monthDay) } : {}),
    ...rulesOf(draft),
    thresholds: thresholdsOf(draft),
  };
}

/** The body of PATCH /api/budgets/{id}: what may be changed of it. */
export function changeBody(draft: BudgetDraft) {
  return { ...rulesOf(draft), thresholds: thresholdsOf(draft) };
}

function rulesOf(draft: BudgetDraft) {
  const { mode, action, unpriced } = draft;
  return {
    name: nameOf(draft),
    owner: draft.owner.trim(),
    ...limitsOf(draft),
    mode,
    action,
    throttle_per_minute: readCount(draft.throttlePerMinute),
    reroute_to: draft.rerouteTo.trim() || null,
    unpriced:
      unpriced === "rate"
        ? { usd_per_mtok: readDollars(draft.usdPerMtok) ?? "" }
        : // What has no price cannot be held: a strict budget refuses it.
          mode === "strict"
          ? "block"
          : unpriced,
  };
}

/** The stages typed, lowest first. */
function thresholdsOf({ stages, mode }: BudgetDraft) {
  return readStages(stages, mode) ?? [];
}

/** A budget as it would be typed. */
export function draftOf(budget: BudgetAnswer): BudgetDraft {
  const { unpriced } = budget;
  const text = (count: number | null) => (count === null ? "" : String(count));
  return {
    ...startDraft({ scope: budget.scope, project: budget.project, timeZone: budget.tz }),
    valueKind: budget.value === "*" ? "each" : budget.value === null ? "untagged" : "one",
    value: budget.value === "*" ? "" : (budget.value ?? ""),
    window: budget.window,
    limits: {
      usd: budget.limit_usd ?? "",
      tokens: text(budget.limit_tokens),
      calls: text(budget.limit_calls),
      tool_calls: text(budget.limit_tool_calls),
      seconds: text(budget.limit_seconds),
    },
    mode: budget.mode,
    action: budget.action,
    throttlePerMinute: text(budget.throttle_per_minute),
    rerouteTo: budget.reroute_to ?? "",
    name: budget.name,
    owner: budget.owner,
    unpriced: typeof unpriced === "string" ? unpriced : "rate",
    usdPerMtok: typeof unpriced === "string" ? "" : unpriced.usd_per_mtok,
    stages: stageDraftsOf(budget.thresholds),
    weekStart: budget.week_start,
    monthDay: String(budget.month_day),
  };
}

/** What saving would change, a line each; none: nothing. */
export function listChanges(before: BudgetAnswer, draft: BudgetDraft): string[] {
  const was = draftOf(before);
  const limitsText = (one: BudgetDraft) => joinWords(listLimits(limitsOf(one))) || "none";
  const pairs: [string, string, string][] = [
    ["Name", was.name, nameOf(draft)],
    ["Owner", was.owner || "nobody", draft.owner.trim() || "nobody"],
    ["Limit", limitsText(was), limitsText(draft)],
    ["Mode", MODE_WORDS[was.mode].label, MODE_WORDS[draft.mode].label],
    ["At the limit", sayAction(was), sayAction(draft)],
    ["Calls without a price", sayUnpriced(was), sayUnpriced(draft)],
    ["Stages", sayTyped(was), sayTyped(draft)],
  ];
  return pairs
    .filter(([, one, two]) => one !== two)
    .map(([what, one, two]) => `${what}: ${one} → ${two}`);
}

function sayAction({ action, throttlePerMinute, rerouteTo }: BudgetDraft): string {
  if (action === "throttle") return `${ACTION_WORDS.throttle} to ${throttlePerMinute} a minute`;
  if (action === "reroute") return `moves calls to ${rerouteTo}`;
  return ACTION_WORDS.block;
}

function sayUnpriced({ unpriced, usdPerMtok, mode }: BudgetDraft): string {
  if (unpriced === "rate") return `cost $${usdPerMtok} per million tokens`;
  return unpriced === "block" || mode === "strict" ? "are refused" : "are let through and told of";
}

/** In the order in which they are kept; channels by their ids, since two are not one. */
function sayTyped({ stages, mode }: BudgetDraft): string {
  const ordered = stageDraftsOf(readStages(stages, mode) ?? []);
  const channels = ordered.flatMap(({ notify }) => notify);
  return channels.length === 0
    ? sayStages(ordered)
    : `${sayStages(ordered)} (channels ${channels.map((id) => id.slice(0, 8)).join(", ")})`;
}
