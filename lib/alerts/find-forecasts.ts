import { listBudgetRows } from "@/db/queries/budgets";
import { type ForecastCounter, listForecastCounters } from "@/db/queries/forecast-counters";
import type { BudgetRow } from "@/db/queries/policy";
import type { Alert, NewAlert } from "@/lib/alerts/alert";
import { judgeForecast } from "@/lib/alerts/judge-forecast";
import { type Found, isoOf, type WatchContext } from "@/lib/alerts/watch-context";
import type { Budget } from "@/lib/budgets/budget";
import { type CalendarPeriod, calendarPeriodOf, periodName } from "@/lib/budgets/budget-period";
import { readUsd, toBudget } from "@/lib/budgets/budget-row";
import { type FemtoUsd, formatUsd } from "@/lib/money";

/** Values of one budget that are told of in one look; those nearest their limit come first, the others in the next. */
const MOST_VALUES = 100;

/** A budget with dollars to last for a period. */
interface Lasting {
  row: BudgetRow;
  budget: Budget;
  limitUsd: FemtoUsd;
  period: CalendarPeriod;
}

type OpenForecast = Pick<Alert, "id" | "budgetId" | "value" | "period" | "limitRevision">;

/**
 * Looks for budgets that end before their period at the rate so far. It asks the counters, which are a quarter of a
 * second behind, and not the calls.
 */
export async function findForecasts(context: WatchContext): Promise<Found> {
  const { db, nowMs } = context;
  const open: OpenForecast[] = context.open.filter(({ facts }) => facts.kind === "forecast");
  const rows = await listBudgetRows(db, { projectIds: context.projectIds, hasArchived: false });
  const lasting = new Map(
    rows.flatMap((row) => {
      const one = lastingOf(context, row);
      return one ? [[row.id, one] as const] : [];
    }),
  );
  const current = open.filter((alert) => isCurrent(lasting.get(alert.budgetId ?? ""), alert));
  const counters = await listForecastCounters(
    db,
    [...lasting.values()].map(({ budget, period }) => ({
      budgetId: budget.id,
      generation: budget.generation,
      period: periodName(period.startMs),
      lengthMs: period.endMs - period.startMs,
      passedMs: nowMs - period.startMs,
    })),
    current.map(({ budgetId, value }) => ({ budgetId: budgetId ?? "", value: value ?? "" })),
    MOST_VALUES,
  );
  const alerts: NewAlert[] = [];
  const goesOn = new Set<string>();
  for (const counter of counters) {
    const one = lasting.get(counter.budgetId);
    if (!one) continue;
    const judged = judge(context, one, counter);
    if (judged.verdict !== "enough") goesOn.add(placeOf(counter));
    if (judged.verdict === "short") alerts.push(toAlert(context, one, counter, judged));
  }
  const overIds = open
    .filter((alert) => !current.includes(alert) || !goesOn.has(placeOf(alert)))
    .map(({ id }) => id);
  return { alerts, overIds };
}

const placeOf = ({ budgetId, value }: { budgetId: string | null; value: string | null }): string =>
  `${budgetId} ${value}`;

function lastingOf({ rules, nowMs }: WatchContext, row: BudgetRow): Lasting | null {
  const budget = toBudget(row);
  const { usd: limitUsd } = budget.limits;
  // A forecast of an hour is read when the hour is over.
  if (limitUsd === null || budget.generation === 0 || budget.window === "hour") return null;
  const period = calendarPeriodOf(budget, nowMs);
  if (!period || !rules.ruleFor("forecast", row.projectId).enabled) return null;
  return { row, budget, limitUsd, period };
}

/** Another period or another limit ends what was told of this one. */
function isCurrent(one: Lasting | undefined, alert: OpenForecast): boolean {
  if (!one) return false;
  return (
    periodName(one.period.startMs) === alert.period && one.row.limitRevision === alert.limitRevision
  );
}

function judge({ rules, nowMs }: WatchContext, one: Lasting, counter: ForecastCounter) {
  const { limitUsd, period, row } = one;
  const { floorUsd } = rules.ruleFor("forecast", row.projectId);
  const spentUsd = readUsd(counter.spentUsd);
  return judgeForecast({ spentUsd, limitUsd, period, nowMs }, { floorUsd: readUsd(floorUsd) });
}

function toAlert(
  { rules, nowMs }: WatchContext,
  { row, limitUsd, period }: Lasting,
  { value, spentUsd }: ForecastCounter,
  { forecastUsd, runsOutAtMs }: { forecastUsd: FemtoUsd; runsOutAtMs: number },
): NewAlert {
  const name = periodName(period.startMs);
  const { limitRevision } = row;
  return {
    key: `forecast:${row.id}:${value}:${name}:${limitRevision}`,
    // As every alert of a budget's value: a snooze of it silences all.
    subject: `budget:${row.id}:${value}`,
    projectId: row.projectId,
    budgetId: row.id,
    value,
    period: name,
    percent: null,
    limitRevision,
    action: null,
    audience: rules.ruleFor("forecast", row.projectId).audience,
    notify: [],
    facts: {
      kind: "forecast",
      budget_name: row.name,
      scope: row.scope,
      spent_usd: formatUsd(readUsd(spentUsd)),
      limit_usd: formatUsd(limitUsd),
      forecast_usd: formatUsd(forecastUsd),
      runs_out_at: isoOf(runsOutAtMs),
      period: { from: isoOf(period.startMs), to: isoOf(period.endMs) },
    },
    openedAt: new Date(nowMs),
  };
}
