import {
  createParser,
  type inferParserType,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsStringLiteral,
} from "nuqs/server";
import { DEFAULT_GROUP, isDimension } from "@/components/filters/dimensions";
import { COLUMN_IDS, defaultColumns, isLatency, orderColumns } from "@/components/spend/column-ids";
import { isPercentile, METRIC_IDS } from "@/components/spend/metric";
import type { SpendQuestion } from "@/components/spend/spend-questions";
import { COMPARISON_IDS } from "@/lib/comparison-range";
import { chooseInterval, INTERVALS, listIntervals, type TimeRange } from "@/lib/time-range";

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

/** Explore's own choices, in the URL. Server and browser read it alike. */
export const EXPLORE_PARAMS = {
  group: dimensionParser.withDefault(DEFAULT_GROUP),
  group2: dimensionParser,
  metric: parseAsStringLiteral(METRIC_IDS).withDefault("cost"),
  bin: parseAsStringLiteral(INTERVALS),
  sort: sortParser.withDefault(DEFAULT_SORT),
  compare: parseAsStringLiteral(COMPARISON_IDS),
  weekday: parseAsBoolean.withDefault(false),
  cols: parseAsArrayOf(parseAsStringLiteral(COLUMN_IDS)),
};

/** What they ask of a range, and what the toolbar offers instead. */
export interface ExploreChoice {
  question: SpendQuestion;
  cols: ReturnType<typeof orderColumns>;
  bin: SpendQuestion["interval"] | null;
  automatic: SpendQuestion["interval"];
  intervals: SpendQuestion["interval"][];
}

/**
 * A bin too fine for the range gives way to the automatic one, and a second group that is the first one to none.
 */
export function chooseExplore(
  params: inferParserType<typeof EXPLORE_PARAMS>,
  range: TimeRange,
): ExploreChoice {
  const { group, metric, compare, weekday } = params;
  const intervals = listIntervals(range);
  const automatic = chooseInterval(range);
  const bin = params.bin !== null && intervals.includes(params.bin) ? params.bin : null;
  const group2 = params.group2 === group ? null : params.group2;
  const cols = orderColumns(
    params.cols ?? defaultColumns(group2 === null ? [group] : [group, group2]),
  );
  const question = {
    group,
    group2,
    metric,
    interval: bin ?? automatic,
    hasPercentiles: isPercentile(metric) || cols.some(isLatency),
    compare: compare === null ? null : { kind: compare, mustMatchWeekday: weekday },
  };
  return { question, cols, bin, automatic, intervals };
}
