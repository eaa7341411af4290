import { type Scope, scopeQuery } from "@/components/filters/scope";
import { scopeAt } from "@/components/spend/spend-questions";
import { type Comparison, resolveComparison } from "@/lib/comparison-range";
import { addDays, startOfDay, toLocalTime } from "@/lib/zone-time";

/** The forecast looks at 28 complete days. */
const FORECAST_DAYS = 29;
const LAST_MONTH = { kind: "last-month", mustMatchWeekday: false } as const;

/** The same days last month; null on the month's first instant, when there are none. */
export function compareMonth({ range, nowMs, timeZone }: Scope): Comparison | null {
  return resolveComparison(range, LAST_MONTH, nowMs, timeZone);
}

/** What the Overview's cards ask of a month: its sums, those of the earlier days, and the days a forecast stands on. */
export function monthQuestions(scope: Scope, comparison: Comparison | null) {
  const { range, nowMs, timeZone } = scope;
  const total = scopeQuery(scope);
  total.set("figures", "cost_usd,calls,unpriced_calls,partial_calls");
  const earlier = scopeQuery(scopeAt(scope, comparison?.range ?? range));
  earlier.set("figures", "cost_usd");
  const days = scopeQuery(scopeAt(scope, { fromMs: forecastFrom(nowMs, timeZone), toMs: nowMs }));
  days.set("interval", "day");
  days.set("figures", "cost_usd");
  return { total, earlier, days };
}

function forecastFrom(nowMs: number, timeZone: string): number {
  return startOfDay(addDays(toLocalTime(nowMs, timeZone), -FORECAST_DAYS), timeZone);
}
