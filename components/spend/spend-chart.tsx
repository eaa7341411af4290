"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { describeBucket, prepareTicks } from "@/components/charts/prepare-labels";
import type { Slice } from "@/components/charts/prepare-stack";
import { StackLegend } from "@/components/charts/stack-legend";
import { dimensionLabel, dimensionPlural } from "@/components/filters/dimensions";
import {
  formatMetric,
  formatMetricShort,
  METRICS,
  metricUnit,
  metricValue,
} from "@/components/spend/metric";
import { prepareSummary } from "@/components/spend/prepare-summary";
import type { SpendFigures } from "@/components/spend/spend-answer";
import type { ChartView } from "@/components/spend/use-spend-view";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount } from "@/lib/format";
import { describeRange } from "@/lib/time-range";

/** Recharts is half of the page's script: it comes after the page, into a place of its size. */
const StackChart = dynamic(
  () => import("@/components/charts/stack-chart").then((module) => module.StackChart),
  { ssr: false, loading: () => <Skeleton className="h-72 w-full" /> },
);

/** As many labels as fit under a wide chart; a narrow one drops those that would overlap. */
const MAX_TICKS = 8;

interface SpendChartProps {
  view: ChartView;
  total: SpendFigures;
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  onOpenBucket: (slice: Slice) => void;
}

/** The stack with its heading, its one sentence and its legend. */
export function SpendChart({
  view,
  total,
  highlighted,
  onHighlight,
  onOpenBucket,
}: SpendChartProps) {
  const { question, scope, model, layers } = view;
  const { group, metric, interval } = question;
  const formatValue = (value: bigint | null) => formatMetric(value, metric);
  const spanOf = (slice: Slice) => describeBucket(slice, interval, scope.timeZone);
  const title = `${METRICS.find(({ value }) => value === metric)?.label} by ${dimensionLabel(group).toLowerCase()}`;
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
      largest: largest?.value ? { label: largest.label, value: largest.value } : null,
      total: metricValue(total, metric),
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
      <div>
        <CardTitle>{title}</CardTitle>
        <CardDescription>{summary}</CardDescription>
      </div>
      <div className="flex min-w-0 flex-col gap-3 lg:flex-row lg:gap-5">
        <div className="min-h-72 min-w-0 flex-1">
          <StackChart
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
          />
        </div>
        <StackLegend
          layers={layers.map((layer) => ({
            ...layer,
            value: formatMetricShort(layer.value, metric),
          }))}
          highlighted={highlighted}
          onHighlight={onHighlight}
          note={legendNote(view, named)}
        />
      </div>
    </div>
  );
}

/** `6 of 41 features; the table has all`; null where every name is drawn. */
function legendNote({ question, nameCount, hasMoreNames }: ChartView, named: number) {
  const plural = dimensionPlural(question.group);
  if (hasMoreNames) return `${named} of more than ${formatCount(nameCount)} ${plural}`;
  if (nameCount <= named) return null;
  return `${named} of ${formatCount(nameCount)} ${plural}; the table has all`;
}
