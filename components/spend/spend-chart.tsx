"use client";

import { ListTree } from "lucide-react";
import { memo, useCallback, useMemo } from "react";
import { LazyStackChart } from "@/components/charts/lazy-stack-chart";
import { describeBucket, prepareTicks } from "@/components/charts/prepare-labels";
import type { Slice } from "@/components/charts/prepare-stack";
import { StackLegend } from "@/components/charts/stack-legend";
import { dimensionLabel, dimensionPlural } from "@/components/filters/dimensions";
import {
  baseMetric,
  formatMetric,
  formatMetricShort,
  isAdditive,
  metricLabel,
  metricUnit,
  metricValue,
} from "@/components/spend/metric";
import { prepareSummary } from "@/components/spend/prepare-summary";
import type { SpendFigures } from "@/components/spend/spend-answer";
import type { ChartView } from "@/components/spend/use-spend-view";
import { Button } from "@/components/ui/button";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount } from "@/lib/format";
import { describeRange } from "@/lib/time-range";

/** As many labels as fit under a wide chart; a narrow one drops those that would overlap. */
const MAX_TICKS = 8;

interface SpendChartProps {
  view: ChartView;
  total: SpendFigures;
  /** What the dashed line is, and its sum; null where nothing is compared. */
  before: { label: string; value: bigint | null } | null;
  /** Leads to the calls of the range: after a click on a bucket, to that bucket's. */
  callsHref: string;
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  onOpenBucket: (slice: Slice) => void;
}

/** The stack with its heading, its one sentence and its legend. */
export const SpendChart = memo(function SpendChart({
  view,
  total,
  before,
  callsHref,
  highlighted,
  onHighlight,
  onOpenBucket,
}: SpendChartProps) {
  const { question, scope, model, layers } = view;
  const { group, metric, interval } = question;
  const formatValue = useCallback((value: bigint | null) => formatMetric(value, metric), [metric]);
  const spanOf = useCallback(
    (slice: Slice) => describeBucket(slice, interval, scope.timeZone),
    [interval, scope.timeZone],
  );
  const title = `${metricLabel(metric)} by ${dimensionLabel(group).toLowerCase()}`;
  const lines = isAdditive(metric)
    ? []
    : [{ label: "All", isDashed: false, value: formatMetric(metricValue(total, metric), metric) }];
  if (before) {
    const value = formatMetricShort(before.value, metric);
    lines.push({ label: before.label, isDashed: true, value });
  }
  const ticks = useMemo(
    () => prepareTicks(model.slices, interval, scope.timeZone, MAX_TICKS),
    [model, interval, scope.timeZone],
  );
  const summary = useMemo(() => {
    const largest = layers.find(({ id }) => id !== "other");
    return prepareSummary({
      model,
      dates: describeRange(scope.range, scope.timeZone),
      interval,
      largest:
        isAdditive(metric) && largest?.value
          ? { label: largest.label, value: largest.value }
          : null,
      total: metricValue(total, metric),
      isRate: !isAdditive(metric),
      formatValue: (value) => formatMetric(value, metric),
      spanOf: (index) => {
        const slice = model.slices[index];
        return slice ? describeBucket(slice, interval, scope.timeZone) : "";
      },
    });
  }, [model, layers, scope, total, metric, interval]);
  const named = layers.filter(({ id }) => id !== "other").length;

  return (
    <div className="flex flex-col gap-3 p-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <CardTitle>{title}</CardTitle>
          <CardDescription>{summary}</CardDescription>
        </div>
        <Button asChild variant="ghost" size="small">
          <PointedLink href={callsHref}>
            <ListTree aria-hidden="true" className="text-ink-muted" />
            Calls
          </PointedLink>
        </Button>
      </div>
      <div className="flex min-w-0 flex-col gap-3 lg:flex-row lg:gap-5">
        <div className="min-h-[288px] min-w-0 flex-1">
          {view.hasSeries ? (
            <LazyStackChart
              model={model}
              unit={metricUnit(metric)}
              layers={layers}
              highlighted={highlighted}
              onHighlight={onHighlight}
              onOpenBucket={onOpenBucket}
              ticks={ticks}
              spanOf={spanOf}
              formatValue={formatValue}
              title={title}
              beforeLabel={before?.label ?? null}
            />
          ) : (
            <Skeleton className="h-[288px] w-full" />
          )}
        </div>
        <StackLegend
          layers={layers.map((layer) => ({
            ...layer,
            value: formatMetricShort(layer.value, metric),
          }))}
          highlighted={highlighted}
          onHighlight={onHighlight}
          note={legendNote(view, named)}
          lines={lines}
        />
      </div>
    </div>
  );
});

/** `6 of 41 features; the table has all`; null where every name is drawn. Of a rate, it says which six. */
function legendNote({ question, nameCount, hasMoreNames }: ChartView, named: number) {
  const { group, metric } = question;
  const plural = dimensionPlural(group);
  const rank = baseMetric(metric) === "cost" ? "dearest" : "busiest";
  const which = isAdditive(metric) ? "" : `the ${rank} `;
  if (hasMoreNames) return `${which}${named} of more than ${formatCount(nameCount)} ${plural}`;
  if (nameCount <= named) return null;
  return `${which}${named} of ${formatCount(nameCount)} ${plural}; the table has all`;
}
