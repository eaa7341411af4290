"use client";

import {
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import { DEFAULT_GROUP, isDimension } from "@/components/filters/dimensions";
import { COLUMN_IDS, defaultColumns, isLatency, orderColumns } from "@/components/spend/column-ids";
import { isPercentile, METRIC_IDS } from "@/components/spend/metric";
import type { SpendQuestion } from "@/components/spend/spend-questions";
import { COMPARISON_IDS } from "@/lib/comparison-range";
import {
  chooseInterval,
  INTERVALS,
  type Interval,
  listIntervals,
  type TimeRange,
} from "@/lib/time-range";

const dimensionParser = createParser<string>({
  parse: (text) => (isDimension(text) ? text : null),
  serialize: (dimension) => dimension,
});

/** `share` is that of the metric shown, `change` its difference to the comparison. */
export const SORT_IDS = ["share", "change", ...COLUMN_IDS] as const;

export interface TableSort {
  id: (typeof SORT_IDS)[number];
  desc: boolean;
}

/** `cost` in the URL is largest first, `-cost` smallest first. */
const sortParser = createParser<TableSort>({
  parse: (text) => {
    const id = SORT_IDS.find((known) => known === text.replace(/^-/, ""));
    return id ? { id, desc: !text.startsWith("-") } : null;
  },
  serialize: ({ id, desc }) => (desc ? id : `-${id}`),
  eq: (one, two) => one.id === two.id && one.desc === two.desc,
});

const DEFAULT_SORT: TableSort = { id: "share", desc: true };

const EXPLORE_PARAMS = {
  group: dimensionParser.withDefault(DEFAULT_GROUP),
  group2: dimensionParser,
  metric: parseAsStringLiteral(METRIC_IDS).withDefault("cost"),
  bin: parseAsStringLiteral(INTERVALS),
  sort: sortParser.withDefault(DEFAULT_SORT),
  compare: parseAsStringLiteral(COMPARISON_IDS),
  weekday: parseAsBoolean.withDefault(false),
  cols: parseAsArrayOf(parseAsStringLiteral(COLUMN_IDS)),
};

/**
 * Explore's own choices, in the URL. A bin too fine for the range gives way to the automatic one, and a second group
 * that is the first one to none.
 */
export function useExploreParams(range: TimeRange) {
  const [params, setParams] = useQueryStates(EXPLORE_PARAMS, { history: "push" });
  const intervals = useMemo(() => listIntervals(range), [range]);
  const isBinPossible = params.bin !== null && intervals.includes(params.bin);
  const automatic = chooseInterval(range);
  const interval: Interval = isBinPossible && params.bin !== null ? params.bin : automatic;
  const { group, metric, compare, weekday } = params;
  const group2 = params.group2 === group ? null : params.group2;
  const cols = useMemo(
    () => orderColumns(params.cols ?? defaultColumns(group2 === null ? [group] : [group, group2])),
    [params.cols, group, group2],
  );
  const hasPercentiles = isPercentile(metric) || cols.some(isLatency);
  const question = useMemo(
    (): SpendQuestion => ({
      group,
      group2,
      metric,
      interval,
      hasPercentiles,
      compare: compare === null ? null : { kind: compare, mustMatchWeekday: weekday },
    }),
    [group, group2, metric, interval, hasPercentiles, compare, weekday],
  );
  return useMemo(
    () => ({
      ...params,
      group2,
      /** What all of these ask, the same object until one of them changes. */
      question,
      cols,
      bin: isBinPossible ? params.bin : null,
      interval,
      automatic,
      intervals,
      setParams,
    }),
    [params, group2, question, cols, isBinPossible, interval, automatic, intervals, setParams],
  );
}
