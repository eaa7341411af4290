import { createHash } from "node:crypto";
import type { CounterRow } from "@/db/queries/budget-counters";
import type { NewAlert } from "@/lib/alerts/alert";
import type { Budget } from "@/lib/budgets/budget";
import type { BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";
import { calendarPeriodOf } from "@/lib/budgets/budget-period";
import { readUsd } from "@/lib/budgets/budget-row";
import { type Fullness, usedPercent } from "@/lib/budgets/budget-state";
import type { Stage } from "@/lib/budgets/stages";
import { formatDecimal, formatUsd } from "@/lib/money";

/** What a snooze of a budget's value silences. */
export function budgetSubject(budgetId: string, value: string): string {
  return `budget:${budgetId}:${value}`;
}

/** A stage that a counter crossed. */
export interface Crossing {
  budget: Budget;
  row: CounterRow;
  fullness: Fullness;
  stage: Stage;
  next: Stage | null;
  nowMs: number;
}

/** What a crossing is recorded once for: a budget, value, period, stage and limit. */
export function thresholdKey(
  { id, limitRevision }: Pick<Budget, "id" | "limitRevision">,
  { value, period }: Pick<CounterRow, "value" | "period">,
  percent: number,
): string {
  return `threshold:${id}:${part(value)}:${part(period)}:${percent}:${limitRevision}`;
}

/** What is recorded of a crossing. */
export function toThresholdAlert(crossing: Crossing): NewAlert {
  const { budget, row, fullness, stage, next, nowMs } = crossing;
  const { spent, limit } = fullness;
  const measure = fullness.measure ?? "usd";
  return {
    key: thresholdKey(budget, row, stage.percent),
    ...placeOf(budget, row),
    percent: stage.percent,
    limitRevision: budget.limitRevision,
    action: stage.action,
    audience: stage.audience,
    notify: stage.notify,
    facts: {
      kind: "threshold",
      budget_name: budget.name,
      scope: budget.scope,
      window: budget.window,
      measure,
      spent: write(measure, spent),
      limit: write(measure, limit),
      percent: stage.percent,
      used_percent: usedPercent(fullness),
      mode: budget.mode,
      action: stage.action,
      period: periodFacts(budget, nowMs),
      next: next && { percent: next.percent, action: next.action },
    },
    openedAt: new Date(nowMs),
  };
}

/** What is recorded of a strict budget that calls spent from which held nothing of it, once a counter. */
export function toUnreservedAlert(budget: Budget, row: CounterRow, nowMs: number): NewAlert {
  return {
    key: `unreserved:${budget.id}:${part(row.value)}:${part(row.period)}`,
    ...placeOf(budget, row),
    percent: null,
    limitRevision: budget.limitRevision,
    action: null,
    // Whom its rule names.
    audience: [],
    notify: [],
    facts: {
      kind: "unreserved",
      budget_name: budget.name,
      scope: budget.scope,
      usd: formatUsd(readUsd(row.unreservedUsd)),
      events: Number(row.unreservedEvents),
      period: row.period,
    },
    openedAt: new Date(nowMs),
  };
}

function placeOf(budget: Budget, { value, period }: CounterRow) {
  // Each project's share of a budget of all of them is that project's to know.
  const projectId = budget.projectId ?? (budget.scope === "project" ? value : null);
  const subject = budgetSubject(budget.id, value);
  return { subject, projectId, budgetId: budget.id, value, period };
}

/** Names are cut at 256 characters elsewhere; a key is indexed, and must not fail a count for one that was not. */
const LONGEST_PART = 256;

/** A part of a key: names hold any character, and two places must never have one key. */
function part(text: string): string {
  if (text.length > LONGEST_PART) return `#${createHash("sha256").update(text).digest("hex")}`;
  return text.replaceAll("%", "%25").replaceAll(":", "%3A");
}

function write(measure: BudgetMeasure, amount: bigint): string {
  if (measure === "usd") return formatUsd(amount);
  return measure === "seconds" ? formatDecimal(amount, 3) : amount.toString();
}

function periodFacts(budget: Budget, nowMs: number) {
  const period = calendarPeriodOf(budget, nowMs);
  if (!period) return null;
  return { from: new Date(period.startMs).toISOString(), to: new Date(period.endMs).toISOString() };
}
