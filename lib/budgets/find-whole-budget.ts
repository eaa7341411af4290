import { listNearestByPeriod } from "@/db/queries/budget-figures";
import { listBudgetChanges } from "@/db/queries/budgets";
import { listRefusals, type RefusalRow } from "@/db/queries/list-refusals";
import type { BudgetRow } from "@/db/queries/policy";
import type { Budget } from "@/lib/budgets/budget";
import {
  type AnswerContext,
  countedFromOf,
  toBudgetAnswer,
  toValueAnswer,
  valueNameOf,
} from "@/lib/budgets/budget-answer";
import type {
  BudgetPeriodAnswer,
  RefusalAnswer,
  WholeBudgetAnswer,
} from "@/lib/budgets/budget-answer-schemas";
import { calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { readUsd, toBudget } from "@/lib/budgets/budget-row";
import { fullnessOf, usedPercent } from "@/lib/budgets/budget-state";
import { toChangeAnswers } from "@/lib/budgets/change-answer";
import { spentOf, toAmountsAnswer, toLimitsAnswer } from "@/lib/budgets/counter-amounts";
import { findReadableBudget } from "@/lib/budgets/find-budget";
import { type LimitChange, limitsAt, readLimitChanges } from "@/lib/budgets/limit-changes";
import { UNTAGGED } from "@/lib/budgets/match-budget";
import {
  answerContextOf,
  type BudgetReader,
  readerOfAll,
  readFigures,
  visibleValues,
} from "@/lib/budgets/read-figures";
import { formatUsd } from "@/lib/money";

const TOP_VALUES = 100;
const LAST_PERIODS = 60;
const LAST_REFUSALS = 500;
const REFUSALS_MS = 30 * 24 * 3_600_000;

/**
 * One budget with its values, the periods before, and what it refused.
 * @throws OutlayError `not_found`
 */
export async function findWholeBudget(
  asker: Pick<BudgetReader, "db" | "actor">,
  id: string,
  nowMs = Date.now(),
): Promise<WholeBudgetAnswer> {
  const reader = await readerOfAll(asker);
  const row = await findReadableBudget(reader, id);
  const budget = toBudget(row);
  const context = answerContextOf(reader, nowMs);
  const changes = await listBudgetChanges(reader.db, id);
  const [figures, history, refused] = await Promise.all([
    readFigures(reader, [row], nowMs, TOP_VALUES),
    listHistory(reader, row, context, readLimitChanges(changes)),
    listRefusals(
      reader.db,
      {
        sourceId: id,
        projectIds: reader.projects.map((project) => project.id),
        since: new Date(nowMs - REFUSALS_MS),
      },
      LAST_REFUSALS,
    ),
  ]);
  const values = figures.get(id) ?? [];
  const [nearest = null] = values;
  return {
    ...toBudgetAnswer(row, nearest, context),
    // Without a name a value is no help, and their number would tell of other projects.
    values:
      budget.projectId === null && !context.hasReach && budget.scope !== "project"
        ? []
        : values.map((counter) => toValueAnswer(budget, counter, context)),
    history,
    changes: toChangeAnswers(changes, budget.projectId !== null || context.hasReach),
    refusals: refused.map((refusal) => toRefusalAnswer(refusal, budget, context)),
    unreserved: {
      usd: formatUsd(nearest ? readUsd(nearest.allUnreservedUsd) : 0n),
      events: Number(nearest?.allUnreservedEvents ?? 0),
    },
  };
}

/** The last periods that are over; of a window without a calendar there are none. */
async function listHistory(
  reader: BudgetReader,
  row: BudgetRow,
  context: AnswerContext,
  limitChanges: readonly LimitChange[],
): Promise<BudgetPeriodAnswer[]> {
  const budget = toBudget(row);
  const current = calendarPeriodOf(budget, context.nowMs);
  if (!current) return [];
  const { id: budgetId, generation } = budget;
  const counters = await listNearestByPeriod(
    reader.db,
    {
      budgetId,
      generation,
      before: periodName(current.startMs),
      values: visibleValues(reader, budget),
    },
    LAST_PERIODS,
  );
  return counters.flatMap((counter) => {
    const period = calendarPeriodOf(budget, Date.parse(counter.period));
    if (!period) return [];
    const limits = limitsAt(budget.limits, limitChanges, period.endMs);
    const spent = spentOf(counter);
    return [
      {
        from: new Date(period.startMs).toISOString(),
        to: new Date(period.endMs).toISOString(),
        value: valueNameOf(budget, counter.value, context),
        spent: toAmountsAnswer(spent),
        unknown_costs: Number(counter.unknownCosts),
        ...toLimitsAnswer(limits),
        used_percent: usedPercent(fullnessOf(limits, spent)),
        values_count: counter.valuesCount,
        counted_from: countedFromOf(row, period.startMs),
      },
    ];
  });
}

function toRefusalAnswer(row: RefusalRow, budget: Budget, context: AnswerContext): RefusalAnswer {
  const tag = (text: string) => (text === UNTAGGED ? null : text);
  return {
    hour: row.hour.toISOString(),
    project: context.slugs.get(row.projectId) ?? "",
    code: row.code,
    // Refusals are read by project, so the value is one of the reader's own.
    value: valueNameOf(budget, row.value, { ...context, hasReach: true }),
    agent: tag(row.agent),
    feature: tag(row.feature),
    model: tag(row.model),
    calls: Number(row.calls),
    estimated_usd: row.estimatedUsd === null ? null : formatUsd(readUsd(row.estimatedUsd)),
    last_at: row.lastAt.toISOString(),
    message: row.message,
  };
}
