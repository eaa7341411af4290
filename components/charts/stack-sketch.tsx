"use client";

import { memo, useId, useMemo } from "react";
import { chooseLabels } from "@/components/charts/choose-labels";
import { drawHatch } from "@/components/charts/draw-hatch";
import { seriesColour } from "@/components/charts/palette";
import { prepareSketch, type Sketch, type SketchMark } from "@/components/charts/prepare-sketch";
import type { StackModel } from "@/components/charts/prepare-stack";
import type { StackChartProps } from "@/components/charts/stack-chart-props";
import { LABEL_DISTANCE, STACK_CHART_HEIGHT } from "@/components/charts/stack-frame";

/** The chart as it looks before anybody touches it, `width` pixels wide: one drawing, without what listens. */
export const StackSketch = memo(function StackSketch({
  width,
  ...props
}: StackChartProps & { width: number }) {
  const { model, unit, layers, ticks } = props;
  const hatchId = useId();
  const sketch = useMemo(() => prepareSketch(model, unit, width), [model, unit, width]);
  const { plot, middleOf } = sketch;
  const labels = chooseLabels(
    ticks.map(({ index, label }) => ({
      x: middleOf(index),
      text: model.slices[index]?.state === "running" ? "so far" : label,
    })),
    plot,
  );
  return (
    <svg
      aria-hidden="true"
      width={width}
      height={STACK_CHART_HEIGHT}
      className="block overflow-visible"
    >
      {drawHatch(hatchId)}
      {sketch.values.map(({ y, label }) => (
        <g key={label}>
          <line x1={plot.left} x2={plot.right} y1={y} y2={y} stroke="var(--line)" />
          <text
            x={plot.left - LABEL_DISTANCE}
            y={y}
            dy="0.355em"
            textAnchor="end"
            className={LABEL}
          >
            {label}
          </text>
        </g>
      ))}
      <line
        x1={plot.left}
        x2={plot.right}
        y1={plot.bottom}
        y2={plot.bottom}
        stroke="var(--control)"
      />
      {labels.map(({ x, text }) => (
        <text
          key={x}
          x={x}
          y={plot.bottom + LABEL_DISTANCE}
          dy="0.71em"
          textAnchor="middle"
          className={LABEL}
        >
          {text}
        </text>
      ))}
      <Gaps sketch={sketch} model={model} hatchId={hatchId} />
      {sketch.marks.map((mark) => (
        <Mark
          key={`${mark.layer} ${mark.isRunning}`}
          mark={mark}
          kind={model.mark}
          colour={seriesColour(layers[mark.layer]?.slot ?? null)}
        />
      ))}
      <Line {...sketch.total} colour="var(--ink)" />
      <Line {...sketch.before} colour="var(--ink-muted)" dashes="5 4" />
    </svg>
  );
});

const LABEL = "tabular fill-ink-muted text-[12px]";

interface GapsProps {
  sketch: Sketch;
  model: StackModel;
  hatchId: string;
}

/** Where nothing was received; a narrow gap has no room for the words. */
function Gaps({ sketch, model, hatchId }: GapsProps) {
  const { top, bottom } = sketch.plot;
  return sketch.gaps.map(({ x, width, first, last }) => (
    <g key={first}>
      <rect
        x={x}
        y={top}
        width={width}
        height={bottom - top}
        fill={`url(#${hatchId})`}
        fillOpacity={0.7}
      />
      {(last - first + 1) / model.slices.length >= 0.25 && (
        <text
          x={x + width / 2}
          y={(top + bottom) / 2}
          dy="0.355em"
          textAnchor="middle"
          className={LABEL}
        >
          No data received
        </text>
      )}
    </g>
  ));
}

interface MarkProps {
  mark: SketchMark;
  kind: StackModel["mark"];
  colour: string;
}

/** One layer, or its running end, which is light and dashed. */
function Mark({ mark: { isRunning, fill, line, dots }, kind, colour }: MarkProps) {
  if (kind === "lines") {
    return (
      <Line line={line} dots={dots} colour={colour} width={2} dashes={isRunning ? "4 3" : ""} />
    );
  }
  const isOutlined = isRunning;
  return (
    <>
      <path d={fill} fill={colour} fillOpacity={isRunning ? 0.4 : 1} />
      <path
        d={line}
        fill="none"
        stroke={isOutlined ? colour : "var(--page)"}
        strokeWidth={kind === "bars" && !isRunning ? 1 : 1.5}
        strokeDasharray={isRunning ? "4 3" : undefined}
      />
    </>
  );
}

interface LineProps {
  line: string;
  dots: SketchMark["dots"];
  colour: string;
  width?: number;
  dashes?: string;
}

function Line({ line, dots, colour, width = 1.5, dashes = "" }: LineProps) {
  const isLayer = width > 1.5;
  return (
    <>
      <path
        d={line}
        fill="none"
        stroke={colour}
        strokeWidth={width}
        strokeDasharray={dashes || undefined}
      />
      {dots.map(([x, y]) => (
        <circle
          key={x}
          cx={x}
          cy={y}
          r={isLayer ? 2.5 : 2}
          fill={isLayer ? colour : "#fff"}
          stroke={colour}
          strokeWidth={width}
        />
      ))}
    </>
  );
}
