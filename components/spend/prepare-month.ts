import { metricValue } from "@/components/spend/metric";
import type { SpendAnswer } from "@/components/spend/spend-answer";
import { type Change, compareFigures } from "@/lib/change";
import { formatQuantity, formatShare } from "@/lib/format";
import { forecastMonth, type MonthForecast } from "@/lib/spend/forecast-month";

interface MonthAnswers {
  /** The month to date. */
  month: SpendAnswer;
  /** The same days of last month, as far as this month has come; null: nothing to hold it against. */
  before: SpendAnswer | null;
  /** The end of those days, ms since 1970. */
  beforeToMs: number;
  /** The days of the last weeks. */
  days: SpendAnswer;
  nowMs: number;
  timeZone: string;
}

/** What this month came to, against the last one, and what it will come to. */
export interface MonthView {
  costUsd: string | null;
  change: Change | null;
  /** True where the days to hold it against lie before the first event: nothing is known of them. */
  isFirstMonth: boolean;
  /** Null with too few days to say. */
  forecast: MonthForecast | null;
  calls: number;
  /** Events of which the cost is not known, whole or in part: the figures are at least so much. */
  incompleteCalls: number;
  /** The same as a share of all calls, `1.2 %`; where it is no part of them, how many. Null: there is nothing. */
  incompleteShare: string | null;
}

/** Puts the answers of the Overview's cards together. A cost that is not known makes no forecast. */
export function prepareMonth(answers: MonthAnswers): MonthView {
  const { month, before, beforeToMs, days, nowMs, timeZone } = answers;
  const { total } = month;
  const spentFemtoUsd = metricValue(total, "cost");
  const firstDayMs = days.first_event_at === null ? nowMs : Date.parse(days.first_event_at);
  const isFirstMonth = firstDayMs >= beforeToMs;
  const byDay = new Map(days.rows.map((row) => [Date.parse(row.bucket), metricValue(row, "cost")]));
  return {
    costUsd: total.cost_usd,
    change:
      before && !isFirstMonth
        ? compareFigures(spentFemtoUsd, metricValue(before.total, "cost"))
        : null,
    isFirstMonth,
    forecast:
      spentFemtoUsd === null
        ? null
        : forecastMonth({ nowMs, timeZone, spentFemtoUsd, firstDayMs, days: byDay }),
    calls: total.calls,
    incompleteCalls: total.unpriced_calls + total.partial_calls,
    incompleteShare: shareOf(total.unpriced_calls + total.partial_calls, total.calls),
  };
}

/** Steps and tools may use models that nobody can price, and are no calls: more than all of the calls is no share. */
function shareOf(incomplete: number, calls: number): string | null {
  if (incomplete > calls) return formatQuantity(incomplete, "event");
  return formatShare(BigInt(incomplete), BigInt(calls));
}
