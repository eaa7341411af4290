"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { compareMonth, monthQuestions } from "@/components/spend/month-questions";
import { type MonthView, prepareMonth } from "@/components/spend/prepare-month";
import { spendQuery } from "@/components/spend/spend-answer";
import { keepAsking } from "@/components/spend/use-comparison";

const REFRESH_MS = 15_000;
/** Asks what the Overview's cards show. */
export function useMonth() {
  const scope = usePresetScope("month");
  const { nowMs, timeZone } = scope;
  const comparison = useMemo(() => compareMonth(scope), [scope]);
  const live = { refetchInterval: REFRESH_MS };
  const { total, earlier, days } = monthQuestions(scope, comparison);
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
