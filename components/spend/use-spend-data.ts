"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { SERIES_SLOTS } from "@/components/charts/palette";
import { prepareBuckets } from "@/components/charts/prepare-buckets";
import { type Scope, scopeQuery } from "@/components/filters/use-scope";
import { type Metric, metricFigures, metricValue } from "@/components/spend/metric";
import { groupName, type SpendRow, spendQuery } from "@/components/spend/spend-answer";
import type { Interval } from "@/lib/time-range";

/** The contract's most groups in one answer; what lies past it comes as `rest`. */
const GROUPS_LIMIT = 1_000;
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
export function useSpendData(scope: Scope, question: SpendQuestion) {
  const { range, nowMs, timeZone } = scope;
  const { group, metric, interval } = question;
  const live = { refetchInterval: nowMs < range.toMs ? REFRESH_MS : (false as const) };
  const buckets = useMemo(
    () => prepareBuckets(range, interval, timeZone, nowMs),
    [range, interval, timeZone, nowMs],
  );

  const groups = useQuery({ ...spendQuery(groupsQuestion(scope, group)), ...live });
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

function groupsQuestion(scope: Scope, group: string): URLSearchParams {
  const query = scopeQuery(scope);
  query.set("interval", "total");
  query.set("group_by", group);
  query.set("limit", String(GROUPS_LIMIT));
  return query;
}

/** Only the metric's figures: a chart needs no percentiles, and they cost the most. */
function bucketsQuestion(scope: Scope, { interval, metric }: SpendQuestion): URLSearchParams {
  const query = scopeQuery(scope);
  query.set("interval", interval);
  query.set("figures", metricFigures(metric));
  return query;
}

/** The names replace the dimension's own filters: they were chosen among what those let through. */
function seriesQuestion(
  scope: Scope,
  question: SpendQuestion,
  names: readonly (string | null)[],
): URLSearchParams {
  const others = scope.filters.filter((filter) => filter.dimension !== question.group);
  const own = names.map((name) => ({ dimension: question.group, value: name ?? "" }));
  const query = bucketsQuestion({ ...scope, filters: [...others, ...own] }, question);
  query.set("group_by", question.group);
  return query;
}
