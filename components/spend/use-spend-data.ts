"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { SERIES_SLOTS } from "@/components/charts/palette";
import { type Bucket, prepareBuckets } from "@/components/charts/prepare-buckets";
import { type Scope, scopeQuery } from "@/components/filters/use-scope";
import { type Metric, metricValue } from "@/components/spend/metric";
import { groupName, type SpendRow, spendQuery } from "@/components/spend/spend-answer";
import type { Interval } from "@/lib/time-range";

/** The contract's most rows in one answer; what lies past it comes as `rest`. */
const ROWS_LIMIT = 1_000;
/** How often a range that is still filling is asked again. */
const REFRESH_MS = 15_000;

/** What Explore asks, beside the scope. */
export interface SpendQuestion {
  group: string;
  metric: Metric;
  interval: Interval;
}

/**
 * Asks Explore's questions. The table's answer comes first: it names the largest groups, whose buckets
 * are then asked for, so that a chart of six names never depends on how many names there are.
 */
export function useSpendData(scope: Scope, { group, metric, interval }: SpendQuestion) {
  const { range, nowMs, timeZone } = scope;
  const isFilling = nowMs < range.toMs;
  const live = { refetchInterval: isFilling ? REFRESH_MS : (false as const) };
  const buckets = useMemo(
    () => prepareBuckets(range, interval, timeZone, nowMs),
    [range, interval, timeZone, nowMs],
  );

  const groups = useQuery({
    ...spendQuery(questionOf(scope, { interval: "total", group })),
    ...live,
  });
  const totals = useQuery({
    ...spendQuery(questionOf(scope, { interval })),
    ...live,
  });
  // Whether anything was received at all is not a question of the filters.
  const received = useQuery({
    ...spendQuery(questionOf({ ...scope, filters: [] }, { interval })),
    ...live,
  });

  const topNames = useMemo(
    () => listTopNames(groups.data?.rows ?? [], group, metric),
    [groups.data, group, metric],
  );
  const series = useQueries({
    queries: chunkNames(topNames, buckets).map((names) => ({
      ...spendQuery(seriesQuestion(scope, group, interval, names)),
      ...live,
    })),
    combine: combineAnswers,
  });
  return { buckets, groups, totals, received, series, topNames };
}

/** The names with the largest figures, largest first; null is untagged. */
export function listTopNames(
  rows: readonly SpendRow[],
  group: string,
  metric: Metric,
): (string | null)[] {
  return rows
    .map((row) => ({ name: groupName(row, group), value: metricValue(row, metric) ?? 0n }))
    .sort((one, two) => (two.value > one.value ? 1 : two.value < one.value ? -1 : 0))
    .slice(0, SERIES_SLOTS)
    .map(({ name }) => name);
}

/** Splits names so that each answer's rows (names x buckets) stay within the contract's limit. */
export function chunkNames(
  names: readonly (string | null)[],
  buckets: readonly Bucket[],
): (string | null)[][] {
  const perAnswer = Math.max(1, Math.floor(ROWS_LIMIT / Math.max(1, buckets.length)));
  const chunks = [];
  for (let at = 0; at < names.length; at += perAnswer) chunks.push(names.slice(at, at + perAnswer));
  return chunks;
}

function questionOf(
  scope: Scope,
  { interval, group }: { interval: Interval | "total"; group?: string },
): URLSearchParams {
  const query = scopeQuery(scope);
  query.set("interval", interval);
  if (group !== undefined) query.set("group_by", group);
  query.set("limit", String(ROWS_LIMIT));
  return query;
}

/** The names replace the dimension's own filters: they were chosen among what those let through. */
function seriesQuestion(
  scope: Scope,
  group: string,
  interval: Interval,
  names: readonly (string | null)[],
): URLSearchParams {
  const others = scope.filters.filter((filter) => filter.dimension !== group);
  const own = names.map((name) => ({ dimension: group, value: name ?? "" }));
  return questionOf({ ...scope, filters: [...others, ...own] }, { interval, group });
}

interface SeriesAnswer {
  data?: { rows: SpendRow[] } | undefined;
  error: Error | null;
  refetch: () => Promise<unknown>;
}

function combineAnswers(answers: SeriesAnswer[]) {
  return {
    rows: answers.flatMap((answer) => answer.data?.rows ?? []),
    isReady: answers.every((answer) => answer.data !== undefined),
    error: answers.find((answer) => answer.error)?.error ?? null,
    retry: () => {
      for (const answer of answers) void answer.refetch();
    },
  };
}
