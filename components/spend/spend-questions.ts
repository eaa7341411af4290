import { type Filter, narrowTo } from "@/components/filters/filter-param";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { isPercentile, type Metric, metricFigures } from "@/components/spend/metric";
import { NO_FIGURES } from "@/components/spend/spend-answer";
import type { ComparisonId } from "@/lib/comparison-range";
import type { Interval, TimeRange } from "@/lib/time-range";

/** What Explore asks, beside the scope. */
export interface SpendQuestion {
  group: string;
  /** The table's second dimension; the chart is by the first. */
  group2: string | null;
  metric: Metric;
  interval: Interval;
  /** Whether a percentile is shown: of some dimensions they cost more than everything else. */
  hasPercentiles: boolean;
  compare: { kind: ComparisonId; mustMatchWeekday: boolean } | null;
}

/** The contract's most groups in one answer; what lies past it comes as `rest`. */
const GROUPS_LIMIT = 1_000;
/** Rows with a small curve of their own, and the points that all of them may have together. */
const CURVE_ROWS = 100;
const CURVE_POINTS = 6_000;

/** The dimensions of the table's rows. */
export function listDimensions({ group, group2 }: SpendQuestion): string[] {
  return group2 === null ? [group] : [group, group2];
}

/** The same scope at another time. */
export function scopeAt(scope: Scope, range: TimeRange): Scope {
  return { ...scope, range };
}

/** What adds up: everything but percentiles, `p95_duration_ms`. */
const NUMBERS = Object.keys(NO_FIGURES).filter((name) => !/^p\d/.test(name));

/** All figures of each group over the whole range. @param hasPercentiles false: but percentiles */
export function groupsQuestion(
  scope: Scope,
  dimensions: readonly string[],
  hasPercentiles = true,
): URLSearchParams {
  const query = scopeQuery(scope);
  if (!hasPercentiles) query.set("figures", NUMBERS.join(","));
  query.set("interval", "total");
  query.set("group_by", dimensions.join(","));
  query.set("limit", String(GROUPS_LIMIT));
  return query;
}

/** Only the metric's figures: a chart of sums needs no percentiles, and they cost the most. */
export function bucketsQuestion(
  scope: Scope,
  { interval, metric }: Pick<SpendQuestion, "interval" | "metric">,
): URLSearchParams {
  const query = scopeQuery(scope);
  query.set("interval", interval);
  query.set("figures", metricFigures(metric));
  return query;
}

/**
 * The buckets of the earlier time. By day where the chart shows weeks or months: the earlier days fall into other
 * weeks, and are put together as the chart's weeks are. Percentiles can't be put together and are asked as they are.
 */
export function beforeQuestion(
  scope: Scope,
  question: Pick<SpendQuestion, "interval" | "metric">,
): URLSearchParams {
  const isWide = question.interval === "week" || question.interval === "month";
  const interval = isWide && !isPercentile(question.metric) ? "day" : question.interval;
  return bucketsQuestion(scope, { ...question, interval });
}

/** Buckets of some names. They replace the dimension's own filters: they were chosen among what those let through. */
export function seriesQuestion(
  scope: Scope,
  question: SpendQuestion,
  names: readonly (string | null)[],
): URLSearchParams {
  const filters = withNames(scope.filters, question.group, names);
  const query = bucketsQuestion({ ...scope, filters }, question);
  query.set("group_by", question.group);
  return query;
}

/** Buckets of the table's first rows, for their small curves. */
export function curvesQuestion(
  scope: Scope,
  question: SpendQuestion,
  bucketCount: number,
): URLSearchParams {
  const query = bucketsQuestion(scope, question);
  query.set("group_by", listDimensions(question).join(","));
  const rows = Math.floor(CURVE_POINTS / Math.max(1, bucketCount));
  query.set("limit", String(Math.max(10, Math.min(CURVE_ROWS, rows))));
  return query;
}

/**
 * What each name's models cost: what a change is explained by. Null names: of everything in the scope.
 * A model's price depends on who serves it, so the provider belongs to its name.
 */
export function modelsQuestion(
  scope: Scope,
  group: string,
  names: readonly (string | null)[] | null,
): URLSearchParams {
  const filters = names === null ? scope.filters : withNames(scope.filters, group, names);
  const query = scopeQuery(scope, filters);
  query.set("interval", "total");
  const dimensions = names === null ? [] : [group];
  query.set("group_by", [...new Set([...dimensions, "provider", "model"])].join(","));
  query.set("figures", "cost_usd,calls,input_tokens,output_tokens");
  return query;
}

/** How far the end of a question moves while its answer still serves. */
const LATER_MS = 10 * 60_000;

/** True where two questions differ by when they end alone, and that by minutes: time went on. */
export function isSameButLater(one: string, two: string): boolean {
  const [first, second] = [new URLSearchParams(one), new URLSearchParams(two)];
  const apartMs = Math.abs(Date.parse(first.get("to") ?? "") - Date.parse(second.get("to") ?? ""));
  for (const query of [first, second]) query.delete("to");
  return apartMs <= LATER_MS && first.toString() === second.toString();
}

function withNames(
  filters: readonly Filter[],
  dimension: string,
  names: readonly (string | null)[],
): Filter[] {
  const others = filters.filter((filter) => filter.dimension !== dimension);
  return [...others, ...names.map((name) => ({ dimension, value: name ?? "" }))];
}

/** The filters of a row: each of its dimensions narrowed to its name, all others kept. */
export function narrowToRow(
  filters: readonly Filter[],
  dimensions: readonly string[],
  names: readonly (string | null)[],
): Filter[] {
  return dimensions.reduce<Filter[]>(
    (kept, dimension, index) => narrowTo(kept, { dimension, value: names[index] ?? "" }),
    [...filters],
  );
}
