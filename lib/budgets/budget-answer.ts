import type { CounterRow } from "@/db/queries/budget-counters";
import type { RankedCounter } from "@/db/queries/budget-figures";
import type { BudgetRow } from "@/db/queries/policy";
import { type Budget, NO_AMOUNTS, SCOPES_WITHOUT_VALUES } from "@/lib/budgets/budget";
import type { BudgetAnswer, BudgetValueAnswer } from "@/lib/budgets/budget-answer-schemas";
import { calendarPeriodOf } from "@/lib/budgets/budget-period";
import { readUsd, toBudget } from "@/lib/budgets/budget-row";
import { RATE_FRACTION_DIGITS } from "@/lib/budgets/budget-schemas";
import {
  forecastPeriod,
  fullnessOf,
  nextThresholdOf,
  stateOf,
  usedPercent,
} from "@/lib/budgets/budget-state";
import {
  reservedOf,
  spentOf,
  toAmountsAnswer,
  toLimitsAnswer,
} from "@/lib/budgets/counter-amounts";
import { lockOf, toLockAnswer } from "@/lib/budgets/counter-lock";
import { UNTAGGED } from "@/lib/budgets/match-budget";
import { formatDecimal, formatUsd, USD_FRACTION_DIGITS } from "@/lib/money";

/** What an answer says beside a budget's row. */
export interface AnswerContext {
  /** Slugs of the projects that the reader may see, by id. */
  slugs: ReadonlyMap<string, string>;
  /** The reader may know every project's values. */
  hasReach: boolean;
  nowMs: number;
}

/** A budget with the figures of its counter that is nearest its limit. */
export function toBudgetAnswer(
  row: BudgetRow,
  nearest: RankedCounter | null,
  context: AnswerContext,
): BudgetAnswer {
  const budget = toBudget(row);
  const { slugs, nowMs } = context;
  const period = calendarPeriodOf(budget, nowMs);
  const forecast =
    period && budget.generation > 0
      ? forecastPeriod(nearest ? spentOf(nearest).usd : 0n, period, nowMs)
      : null;
  return {
    id: row.id,
    project: projectOf(row, slugs),
    name: row.name,
    owner: row.owner,
    scope: budget.scope,
    value: shownValueOf(budget, slugs),
    window: budget.window,
    tz: row.timeZone,
    week_start: row.weekStart,
    month_day: row.monthDay,
    ...rulesOf(budget),
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    archived_at: row.archivedAt?.toISOString() ?? null,
    ...fullnessAnswer(budget, nearest, nowMs),
    next_threshold: nextThresholdOf(fullnessOfCounter(budget, nearest), budget.thresholds),
    period: period && { from: isoOf(period.startMs), to: isoOf(period.endMs) },
    resets_at: period && isoOf(period.endMs),
    counted_from: countedFromOf(row, period?.startMs ?? null),
    forecast_usd: forecast === null ? null : formatUsd(forecast),
    nearest_value: nearest && valueNameOf(budget, nearest.value, context),
    nearest_period: nearest && periodNameOf(budget, nearest, context),
    values_count: nearest?.valuesCount ?? 0,
  };
}

/** The part of a budget that its owner may change, as it is sent and answered. */
export function rulesOf(budget: Budget) {
  const { unpriced } = budget;
  return {
    ...toLimitsAnswer(budget.limits),
    mode: budget.mode,
    action: budget.action,
    throttle_per_minute: budget.throttlePerMinute,
    reroute_to: budget.rerouteTo,
    unpriced: unpriced.kind === "rate" ? { usd_per_mtok: rateOf(unpriced) } : unpriced.kind,
    thresholds: [...budget.thresholds],
  };
}

function rateOf({ femtoUsdPerMtok }: { femtoUsdPerMtok: bigint }): string {
  const unit = 10n ** BigInt(USD_FRACTION_DIGITS - RATE_FRACTION_DIGITS);
  return formatDecimal(femtoUsdPerMtok / unit, RATE_FRACTION_DIGITS);
}

/** Slug of a budget's project; null: the whole installation. */
function projectOf({ projectId }: BudgetRow, slugs: AnswerContext["slugs"]): string | null {
  return projectId === null ? null : (slugs.get(projectId) ?? null);
}

/** A budget's value as it is sent: a project's own has the project's slug. */
export function shownValueOf(
  { scope, value, projectId }: Pick<Budget, "scope" | "value" | "projectId">,
  slugs: AnswerContext["slugs"],
): string | null {
  if (scope !== "project" || projectId === null) return value;
  return slugs.get(projectId) ?? null;
}

/** One of a budget's values. */
export function toValueAnswer(
  budget: Budget,
  counter: RankedCounter,
  context: AnswerContext,
): BudgetValueAnswer {
  return {
    value: valueNameOf(budget, counter.value, context),
    period: periodNameOf(budget, counter, context),
    ...fullnessAnswer(budget, counter, context.nowMs),
    changed_at: counter.changedAt.toISOString(),
  };
}

/** A counter's value by the name people know; null: it has none, or the reader may not know it. */
export function valueNameOf(
  budget: Pick<Budget, "scope" | "projectId">,
  value: string,
  { slugs, hasReach }: AnswerContext,
): string | null {
  const { scope, projectId } = budget;
  if (SCOPES_WITHOUT_VALUES.has(scope)) return null;
  if (scope === "project") return slugs.get(value) ?? null;
  // Agents, users and sessions of a project are that project's.
  if (projectId === null && !hasReach) return null;
  return value === UNTAGGED ? "(untagged)" : value;
}

function periodNameOf(
  { window, projectId }: Budget,
  { period }: Pick<CounterRow, "period">,
  { hasReach }: AnswerContext,
): string | null {
  if (window !== "session" && window !== "trace") return null;
  if (projectId === null && !hasReach) return null;
  return period === UNTAGGED ? "(untagged)" : period;
}

function fullnessOfCounter(budget: Budget, counter: CounterRow | null) {
  return fullnessOf(budget.limits, counter ? spentOf(counter) : NO_AMOUNTS);
}

function fullnessAnswer(budget: Budget, counter: CounterRow | null, nowMs: number) {
  const fullness = fullnessOfCounter(budget, counter);
  const isCounted = budget.generation > 0;
  const lock = counter && lockOf(budget, counter);
  const state = lock ? ("locked" as const) : stateOf(fullness, budget.thresholds);
  return {
    spent: isCounted ? toAmountsAnswer(counter ? spentOf(counter) : NO_AMOUNTS) : null,
    reserved: isCounted ? toAmountsAnswer(counter ? reservedOf(counter) : NO_AMOUNTS) : null,
    state: isCounted ? state : ("counting" as const),
    locked: toLockAnswer(budget, lock, nowMs),
    used_percent: isCounted ? usedPercent(fullness) : null,
    measure: fullness.measure,
    unknown_costs: Number(counter?.unknownCosts ?? 0),
    unreserved_usd: formatUsd(counter ? readUsd(counter.unreservedUsd) : 0n),
    unreserved_events: Number(counter?.unreservedEvents ?? 0),
  };
}

/**
 * Since when calls are counted in a period, where some had expired before; null: all are. Nobody knows when a session or
 * trace began, so that of a window without a calendar it is told of all of them.
 */
export function countedFromOf(
  { countedFrom }: Pick<BudgetRow, "countedFrom">,
  periodStartMs: number | null,
): string | null {
  if (countedFrom === null) return null;
  const isWhole = periodStartMs !== null && periodStartMs >= countedFrom.getTime();
  return isWhole ? null : countedFrom.toISOString();
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
