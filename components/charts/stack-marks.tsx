import type { ReactElement } from "react";
import { Area, Bar, Line } from "recharts";
import type { StackModel } from "@/components/charts/prepare-stack";
import { StackBar } from "@/components/charts/stack-bar";
import { MAX_BAR_WIDTH } from "@/components/charts/stack-frame";
import { MAX_DOTTED, standsAlone } from "@/components/charts/stands-alone";

/** A layer as it is drawn. */
export interface DrawnLayer {
  id: string;
  index: number;
  colour: string;
}

interface MarkProps {
  model: StackModel;
  /** The layer that lights up; the others step back. */
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
}

/** The marks of one layer: a bar, an area or a line; its running end is drawn apart, dashed. */
export function drawLayer(props: MarkProps, layer: DrawnLayer): ReactElement[] {
  if (props.model.mark === "bars") return [drawBar(props, layer)];
  return props.model.mark === "lines" ? drawLines(props, layer) : drawAreas(props, layer);
}

/** The total of a rate, and the comparison's total: thin lines over everything. */
export function drawTotals(model: StackModel): ReactElement[] {
  const thin = {
    type: "linear" as const,
    isAnimationActive: false,
    activeDot: false,
    dot: model.slices.length <= MAX_DOTTED ? { r: 2, strokeDasharray: "" } : false,
  };
  const lines: ReactElement[] = [];
  if (model.mark === "lines") {
    lines.push(
      <Line key="total" dataKey="total" stroke="var(--ink)" strokeWidth={1.5} {...thin} />,
    );
  }
  if (model.hasComparison) {
    lines.push(
      <Line
        key="before"
        dataKey="before"
        stroke="var(--ink-muted)"
        strokeWidth={1.5}
        strokeDasharray="5 4"
        {...thin}
      />,
    );
  }
  return lines;
}

function drawBar({ model, highlighted, onHighlight }: MarkProps, layer: DrawnLayer): ReactElement {
  const { id, index, colour } = layer;
  return (
    <Bar
      key={`bar ${id}`}
      dataKey={`layer${index}`}
      stackId="all"
      maxBarSize={MAX_BAR_WIDTH}
      fill={colour}
      isAnimationActive={false}
      onMouseEnter={() => onHighlight(index)}
      shape={(bar: unknown) => (
        <StackBar
          bar={bar}
          slices={model.slices}
          isFaded={isFaded(highlighted, index)}
          colour={colour}
        />
      )}
    />
  );
}

function drawAreas({ highlighted, onHighlight }: MarkProps, layer: DrawnLayer): ReactElement[] {
  const { id, index, colour } = layer;
  const isBack = isFaded(highlighted, index);
  const area = {
    type: "linear" as const,
    dot: false,
    activeDot: false,
    fill: colour,
    isAnimationActive: false,
    onMouseEnter: () => onHighlight(index),
  };
  return [
    <Area
      key={`area ${id}`}
      dataKey={`layer${index}`}
      stackId="all"
      fillOpacity={isBack ? 0.22 : 1}
      stroke="var(--page)"
      strokeWidth={1.5}
      {...area}
    />,
    <Area
      key={`running ${id}`}
      dataKey={`running${index}`}
      stackId="running"
      fillOpacity={isBack ? 0.1 : 0.4}
      stroke={colour}
      strokeDasharray="4 3"
      strokeWidth={1.5}
      strokeOpacity={isBack ? 0.3 : 1}
      {...area}
    />,
  ];
}

function drawLines(
  { model, highlighted, onHighlight }: MarkProps,
  layer: DrawnLayer,
): ReactElement[] {
  const { id, index, colour } = layer;
  const line = {
    type: "linear" as const,
    activeDot: false,
    stroke: colour,
    strokeWidth: highlighted === index ? 3 : 2,
    strokeOpacity: isFaded(highlighted, index) ? 0.22 : 1,
    isAnimationActive: false,
    onMouseEnter: () => onHighlight(index),
  };
  const dot = standsAlone(model, index) ? { r: 2.5, fill: colour, strokeDasharray: "" } : false;
  return [
    <Line key={`line ${id}`} dataKey={`layer${index}`} dot={dot} {...line} />,
    <Line
      key={`running ${id}`}
      dataKey={`running${index}`}
      dot={dot}
      strokeDasharray="4 3"
      {...line}
    />,
  ];
}

function isFaded(highlighted: number | null, index: number): boolean {
  return highlighted !== null && highlighted !== index;
}
