import { type ChartUnit, prepareAxis, toPixelValue } from "@/components/charts/prepare-axis";
import type { StackModel } from "@/components/charts/prepare-stack";
import {
  barGap,
  MARGIN,
  MAX_BAR_WIDTH,
  STACK_CHART_HEIGHT,
  TIME_AXIS_HEIGHT,
  VALUE_AXIS_WIDTH,
} from "@/components/charts/stack-frame";
import { MAX_DOTTED, standsAlone } from "@/components/charts/stands-alone";

type Point = readonly [x: number, y: number];

/** The outline of one layer, whole or its running end: a filled path, the line on top of it, single points. */
export interface SketchMark {
  layer: number;
  isRunning: boolean;
  fill: string;
  line: string;
  dots: Point[];
}

/** A prepared stack in pixels. */
export interface Sketch {
  marks: SketchMark[];
  total: { line: string; dots: Point[] };
  before: { line: string; dots: Point[] };
  values: { y: number; label: string }[];
  gaps: { x: number; width: number; first: number; last: number }[];
  plot: { left: number; right: number; top: number; bottom: number };
  /** The middle of a bucket. */
  middleOf: (index: number) => number;
}

/** Places a stack's shapes in a drawing `width` pixels wide, where Recharts would place them. */
export function prepareSketch(model: StackModel, unit: ChartUnit, width: number): Sketch {
  const plot = {
    left: MARGIN.left + VALUE_AXIS_WIDTH,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: STACK_CHART_HEIGHT - MARGIN.bottom - TIME_AXIS_HEIGHT,
  };
  const axis = prepareAxis(model.max, unit);
  const top = toPixelValue(axis.max, unit);
  const band = (plot.right - plot.left) / Math.max(1, model.slices.length);
  const middleOf = (index: number) => plot.left + band * (index + 0.5);
  const heightOf = (value: number) => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const toY = (value: bigint | null) =>
    value === null ? null : heightOf(toPixelValue(value, unit));
  const draw = { model, unit, band, middleOf, heightOf };
  const lineOf = (values: readonly (bigint | null)[]) => {
    const points = values.map((value, index) => place(middleOf(index), toY(value)));
    return { line: joinRuns(points), dots: values.length <= MAX_DOTTED ? known(points) : [] };
  };
  return {
    marks: model.mark === "lines" ? lineMarks(draw) : stackMarks(draw),
    total: lineOf(model.mark === "lines" ? model.slices.map(({ total }) => total) : []),
    before: lineOf(model.hasComparison ? model.slices.map(({ before }) => before) : []),
    values: axis.ticks.map(({ value, label }) => ({
      y: heightOf(toPixelValue(value, unit)),
      label,
    })),
    gaps: model.gaps.map((gap) => ({
      ...gap,
      x: plot.left + band * gap.first,
      width: band * (gap.last - gap.first + 1),
    })),
    plot,
    middleOf,
  };
}

interface Draw {
  model: StackModel;
  unit: ChartUnit;
  band: number;
  middleOf: (index: number) => number;
  heightOf: (value: number) => number;
}

/** Each layer on top of those before it; what has no known price has no height. */
function stackMarks({ model, unit, band, middleOf, heightOf }: Draw): SketchMark[] {
  const { slices } = model;
  const bases = slices.map(() => 0);
  const marks: SketchMark[] = [];
  for (const layer of model.layers.keys()) {
    const edges = slices.map(({ state, values }, index) => {
      if (state === "missing") return null;
      const base = bases[index] ?? 0;
      const end = base + toPixelValue(values[layer] ?? 0n, unit);
      bases[index] = end;
      return { index, isRunning: state === "running", low: heightOf(base), high: heightOf(end) };
    });
    const nextIsRunning = (index: number) => slices[index + 1]?.state === "running";
    for (const isRunning of [false, true]) {
      const own = edges.map((edge) => {
        const isOwn = isRunning
          ? edge?.isRunning || (model.mark === "area" && edge && nextIsRunning(edge.index))
          : edge && !edge.isRunning;
        return edge && isOwn ? edge : null;
      });
      if (!own.some((edge) => edge?.isRunning === isRunning)) continue;
      marks.push({ layer, isRunning, dots: [], ...outline(own) });
    }
  }
  return marks;

  function outline(edges: readonly (Edge | null)[]): { fill: string; line: string } {
    if (model.mark === "bars") {
      const fill = edges.map((edge) => (edge ? bar(edge) : "")).join("");
      return { fill, line: fill };
    }
    const fill = runsOf(edges)
      .map((run) => {
        const upper = run.map(({ index, high }): Point => [middleOf(index), high]);
        const lower = run.map(({ index, low }): Point => [middleOf(index), low]).reverse();
        return `${path([...upper, ...lower])}Z`;
      })
      .join("");
    const line = edges.map((edge) => edge && ([middleOf(edge.index), edge.high] as const));
    return { fill, line: joinRuns(line) };
  }

  function bar({ index, low, high }: Edge): string {
    if (low === high) return "";
    const width = Math.min(MAX_BAR_WIDTH, Math.floor(band - 2 * barGap(slices.length, band)));
    const left = middleOf(index) - width / 2;
    const right = left + width;
    return `${path([
      [left, high],
      [right, high],
      [right, low],
      [left, low],
    ])}Z`;
  }
}

interface Edge {
  index: number;
  isRunning: boolean;
  low: number;
  high: number;
}

/** Rates and percentiles do not stand on each other; where nothing is known the line is broken. */
function lineMarks({ model, unit, middleOf, heightOf }: Draw): SketchMark[] {
  const { slices } = model;
  return [...model.layers.keys()].flatMap((layer) =>
    [false, true].map((isRunning) => {
      const points = slices.map(({ state, values }, index) => {
        const value = values[layer] ?? null;
        const isOwn = isRunning
          ? state === "running" || slices[index + 1]?.state === "running"
          : state !== "running";
        const isShown = isOwn && state !== "missing" && value !== null;
        return isShown ? place(middleOf(index), heightOf(toPixelValue(value, unit))) : null;
      });
      const dots = standsAlone(model, layer) ? known(points) : [];
      return { layer, isRunning, fill: "", line: joinRuns(points), dots };
    }),
  );
}

function place(x: number, y: number | null): Point | null {
  return y === null ? null : [x, y];
}

function known(points: readonly (Point | null)[]): Point[] {
  return points.filter((point) => point !== null);
}

function joinRuns(points: readonly (Point | null)[]): string {
  return runsOf(points).map(path).join("");
}

/** What stands beside each other without a gap. */
function runsOf<Item>(items: readonly (Item | null)[]): Item[][] {
  const runs: Item[][] = [];
  let isOpen = false;
  for (const item of items) {
    if (item !== null && isOpen) runs.at(-1)?.push(item);
    else if (item !== null) runs.push([item]);
    isOpen = item !== null;
  }
  return runs;
}

function path(points: readonly Point[]): string {
  return points
    .map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)},${y.toFixed(1)}`)
    .join("");
}
