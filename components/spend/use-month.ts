"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { scopeQuery } from "@/components/filters/use-scope";
import { type MonthView, prepareMonth } from "@/components/spend/prepare-month";
import { spendQuery } from "@/components/spend/spend-answer";
import { scopeAt } from "@/components/spend/spend-questions";
import { keepAsking } from "@/components/spend/use-comparison";
import { resolveComparison } from "@/lib/comparison-range";
import { addDays, startOfDay, toLocalTime } from "@/lib/zone-time";

const REFRESH_MS = 15_000;
/** The forecast looks at 28 complete days. */
const FORECAST_DAYS = 29;
const LAST_MONTH = { kind: "last-month", mustMatchWeekday: false } as const;

/** Asks what the Overview's cards show. */
export function useMonth() {
  const scope = usePresetScope("month");
  const { range, nowMs, timeZone } = scope;
  const comparison = useMemo(
    () => resolveComparison(range, LAST_MONTH, nowMs, timeZone),
    [range, nowMs, timeZone],
  );
  const live = { refetchInterval: REFRESH_MS };
  const total = scopeQuery(scope);
  total.set("figures", "cost_usd,calls,unpriced_calls,partial_calls");
  const earlier = scopeQuery(scopeAt(scope, comparison?.range ?? range));
  earlier.set("figures", "cost_usd");
  const days = scopeQuery(scopeAt(scope, { fromMs: forecastFrom(nowMs, timeZone), toMs: nowMs }));
  days.set("interval", "day");
  days.set("figures", "cost_usd");

  const month = useQuery({ ...spendQuery(total), ...live });
  const before = useQuery(keepAsking(earlier, comparison !== null));
  const recent = useQuery(keepAsking(days, true));
  const view = useMemo((): MonthView | null => {
    if (!month.data || !recent.data) return null;
    if (comparison !== null && !before.data) return null;
    const beforeToMs = comparison?.range.toMs ?? 0;
    const answers = {
      month: month.data,
      before: before.data ?? null,
      beforeToMs,
      days: recent.data,
    };
    return prepareMonth({ ...answers, nowMs, timeZone });
  }, [month.data, before.data, recent.data, comparison, nowMs, timeZone]);

  const queries = [month, before, recent];
  return {
    scope,
    comparison,
    view,
    error: queries.find((query) => query.isError)?.error ?? null,
    retry: () => {
      for (const query of queries) if (query.isError) void query.refetch();
    },
  };
}

function forecastFrom(nowMs: number, timeZone: string): number {
  return startOfDay(addDays(toLocalTime(nowMs, timeZone), -FORECAST_DAYS), timeZone);
}
