"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { prepareBuckets } from "@/components/charts/prepare-buckets";
import type { Scope } from "@/components/filters/scope";
import { listTopNames } from "@/components/spend/list-top-names";
import { spendQuery } from "@/components/spend/spend-answer";
import {
  bucketsQuestion,
  curvesQuestion,
  groupsQuestion,
  listDimensions,
  type SpendQuestion,
  seriesQuestion,
} from "@/components/spend/spend-questions";

/** How often a range that is still filling is asked again. */
const REFRESH_MS = 15_000;
/** A row's small curve shows a shape: it may lag. */
const CURVE_AGE_MS = 120_000;

/**
 * Asks Explore's questions. The groups come first: they name the largest, whose buckets are then asked for, so that
 * a chart of six names never depends on how many names there are.
 */
export function useSpendData(scope: Scope, question: SpendQuestion) {
  const { range, nowMs, timeZone } = scope;
  const { group, metric, interval, hasPercentiles } = question;
  const live = { refetchInterval: nowMs < range.toMs ? REFRESH_MS : (false as const) };
  const buckets = useMemo(
    () => prepareBuckets(range, interval, timeZone, nowMs),
    [range, interval, timeZone, nowMs],
  );

  const groups = useQuery({
    ...spendQuery(groupsQuestion(scope, [group], hasPercentiles)),
    ...live,
  });
  // The table's own, where it has a second dimension; else the same question and one answer.
  const table = useQuery({
    ...spendQuery(groupsQuestion(scope, listDimensions(question), hasPercentiles)),
    ...live,
  });
  const totals = useQuery({ ...spendQuery(bucketsQuestion(scope, question)), ...live });
  // Whether anything was received at all is not a question of the filters.
  const unfiltered = { ...scope, filters: [] };
  const received = useQuery({ ...spendQuery(bucketsQuestion(unfiltered, question)), ...live });

  const topNames = useMemo(
    () => listTopNames(groups.data?.rows ?? [], group, metric),
    [groups.data, group, metric],
  );
  const series = useQuery({
    ...spendQuery(seriesQuestion(scope, question, topNames)),
    enabled: topNames.length > 0,
    ...live,
  });
  const curves = useQuery({
    ...spendQuery(curvesQuestion(scope, question, buckets.length)),
    enabled: series.isSuccess && buckets.length > 1,
    staleTime: CURVE_AGE_MS,
  });
  return { buckets, groups, table, totals, received, series, curves, topNames };
}
