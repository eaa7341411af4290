"use client";

import { memo, type RefObject, useEffect, useEffectEvent, useId, useMemo, useRef } from "react";
import {
  CartesianGrid,
  ComposedChart,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  useActiveTooltipLabel,
  XAxis,
  YAxis,
} from "recharts";
import { TIME_AXIS, TOOLTIP, valueAxis } from "@/components/charts/axis-props";
import { drawHatch } from "@/components/charts/draw-hatch";
import { seriesColour } from "@/components/charts/palette";
import { type ChartUnit, toPixelValue } from "@/components/charts/prepare-axis";
import type { StackModel } from "@/components/charts/prepare-stack";
import type { StackChartProps } from "@/components/charts/stack-chart-props";
import { MARGIN, MIN_LABEL_GAP, STACK_CHART_HEIGHT } from "@/components/charts/stack-frame";
import { drawLayer, drawTotals } from "@/components/charts/stack-marks";
import { StackTooltip } from "@/components/charts/stack-tooltip";

type Datum = { index: number } & Record<string, number | null>;

/** Draws a prepared stack; it decides nothing about the data. @param initialWidth in pixels, where it is known already */
export const StackChart = memo(function StackChart({
  initialWidth = 0,
  ...props
}: StackChartProps & { initialWidth?: number }) {
  const { model, unit, layers, highlighted, onHighlight, title } = props;
  const hatchId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const active = useRef<number | null>(null);
  const wantsFocus = useRef(false);
  const axisKey = `${model.slices[0]?.startMs} ${model.slices[0]?.endMs}`;
  const axis = useMemo(() => valueAxis(model.max, unit), [model.max, unit]);
  const data = useMemo(
    () => model.slices.map((_, index) => datumOf(model, index, unit)),
    [model, unit],
  );

  const openActive = useEffectEvent(() => {
    const slice = active.current === null ? undefined : model.slices[active.current];
    if (!slice || slice.state === "missing") return;
    onHighlight(null);
    props.onOpenBucket(slice);
  });
  // Enter on top of the arrow keys that Recharts gives the chart.
  useEffect(() => {
    const element = frame.current;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Enter") return;
      wantsFocus.current = true;
      openActive();
    };
    element?.addEventListener("keydown", listen);
    return () => element?.removeEventListener("keydown", listen);
  }, []);

  // Whoever opened a bucket by keyboard goes on in the chart of it.
  useEffect(() => {
    if (!axisKey || !wantsFocus.current) return;
    wantsFocus.current = false;
    // Recharts measures itself before it draws: its drawing is there a frame later.
    const timer = setTimeout(
      () => frame.current?.querySelector<SVGElement>("svg[tabindex]")?.focus(),
      50,
    );
    return () => clearTimeout(timer);
  }, [axisKey]);

  return (
    // Of the frame, not of the drawing: Recharts tells of a leave only after the next element was entered.
    <div ref={frame} onPointerLeave={() => onHighlight(null)}>
      <ResponsiveContainer
        width="100%"
        height={STACK_CHART_HEIGHT}
        initialDimension={{ width: initialWidth, height: STACK_CHART_HEIGHT }}
      >
        <ComposedChart
          // Another axis is another chart: the tooltip would go on pointing at a bucket of the old one.
          key={axisKey}
          data={data}
          accessibilityLayer
          title={title}
          margin={MARGIN}
          barCategoryGap={model.slices.length > 60 ? 1 : "18%"}
          onClick={() => openActive()}
        >
          {drawHatch(hatchId)}
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="index"
            scale="band"
            ticks={props.ticks.map((tick) => tick.index)}
            interval="preserveStartEnd"
            minTickGap={MIN_LABEL_GAP}
            tickFormatter={(index: number) => labelAt(props, index)}
            {...TIME_AXIS}
          />
          <YAxis {...axis} />
          {model.gaps.map((gap) => (
            <ReferenceArea
              key={gap.first}
              x1={gap.first}
              x2={gap.last}
              fill={`url(#${hatchId})`}
              fillOpacity={0.7}
              stroke="none"
              ifOverflow="visible"
              label={isWide(gap, model) ? GAP_LABEL : false}
            />
          ))}
          {layers.flatMap((layer, index) =>
            drawLayer(props, { ...layer, index, colour: seriesColour(layer.slot) }),
          )}
          {drawTotals(model)}
          <Tooltip
            cursor={{ fill: "var(--ink)", fillOpacity: 0.06, stroke: "var(--control)" }}
            {...TOOLTIP}
            content={({ active: isActive, label }) => (
              <StackTooltip
                slice={isActive ? model.slices[Number(label)] : undefined}
                layers={layers}
                isRate={model.mark === "lines"}
                beforeLabel={model.hasComparison ? (props.beforeLabel ?? null) : null}
                highlighted={highlighted}
                spanOf={props.spanOf}
                formatValue={props.formatValue}
              />
            )}
          />
          <TrackActive active={active} />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
});

const GAP_LABEL = { value: "No data received", fill: "var(--ink-muted)", fontSize: 12 };

/** A gap wide enough for its words; a narrow one says them in the tooltip. */
function isWide(gap: StackModel["gaps"][number], { slices }: StackModel): boolean {
  return (gap.last - gap.first + 1) / slices.length >= 0.25;
}

/** Remembers which bucket the pointer or the arrow keys are on. */
function TrackActive({ active }: { active: RefObject<number | null> }) {
  const label = useActiveTooltipLabel();
  useEffect(() => {
    active.current = label === undefined ? null : Number(label);
  }, [label, active]);
  return null;
}

function labelAt({ model, ticks }: StackChartProps, index: number): string {
  if (model.slices[index]?.state === "running") return "so far";
  return ticks.find((tick) => tick.index === index)?.label ?? "";
}

/**
 * One column of the drawing. The running bucket's area is drawn on its own, dashed, from the bucket
 * before it; in bars it stays one column.
 */
function datumOf(model: StackModel, index: number, unit: ChartUnit): Datum {
  const slice = model.slices[index];
  const datum: Datum = { index };
  const isRunning = slice?.state === "running";
  const isBeforeRunning = model.slices[index + 1]?.state === "running";
  const toPixel = (value: bigint | null | undefined) =>
    value === null || value === undefined ? null : toPixelValue(value, unit);
  if (model.mark === "lines") datum.total = toPixel(slice?.total);
  if (model.hasComparison) datum.before = toPixel(slice?.before);
  for (const [layer, value] of (slice?.values ?? []).entries()) {
    // What has no known price has no height; the tooltip and the table say so in words.
    const known = model.mark === "lines" ? value : (value ?? 0n);
    const height = slice?.state === "missing" ? null : toPixel(known);
    const isArea = model.mark !== "bars";
    datum[`layer${layer}`] = isArea && isRunning ? null : height;
    if (isArea) datum[`running${layer}`] = isRunning || isBeforeRunning ? height : null;
  }
  return datum;
}
