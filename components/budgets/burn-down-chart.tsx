"use client";

import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { sayAmount } from "@/components/budgets/burn-down-words";
import type { BurnDown, BurnDownPoint } from "@/components/budgets/prepare-burn-down";
import { TIME_AXIS, TOOLTIP, valueAxis } from "@/components/charts/axis-props";
import { type ChartUnit, toPixelValue } from "@/components/charts/prepare-axis";
import { MARGIN } from "@/components/charts/stack-frame";
import type { BudgetMeasure } from "@/lib/budgets/budget-answer-schemas";

/** Height of the drawing, and of its skeleton. */
export const BURN_DOWN_HEIGHT = 260;

interface BurnDownChartProps {
  model: BurnDown;
  measure: BudgetMeasure;
  limit: bigint;
  title: string;
  /** Instants under the axis, and what they are called. */
  ticks: readonly { atMs: number; label: string }[];
  sayInstant: (ms: number) => string;
}

/** Draws a prepared burn-down; it decides nothing about the data. */
export function BurnDownChart({
  model,
  measure,
  limit,
  title,
  ticks,
  sayInstant,
}: BurnDownChartProps) {
  const unit: ChartUnit = measure === "usd" ? "usd" : "count";
  const axis = valueAxis(model.max, unit);
  const toPixel = (value: bigint | null) => (value === null ? null : toPixelValue(value, unit));
  const data = model.points.map((point) => ({
    at: point.atMs,
    spent: toPixel(point.spent),
    running: toPixel(point.running),
    ideal: toPixel(point.ideal),
    forecast: toPixel(point.forecast),
    counter: toPixel(point.counter),
  }));
  const names = new Map(ticks.map(({ atMs, label }) => [atMs, label]));
  const first = model.points[0]?.atMs ?? 0;
  const last = model.steps.at(-1)?.endMs ?? first;
  return (
    <ResponsiveContainer width="100%" height={BURN_DOWN_HEIGHT}>
      <LineChart
        data={data}
        accessibilityLayer
        title={title}
        margin={{ ...MARGIN, top: 16, right: 12 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={[first, last]}
          ticks={[...names.keys()]}
          tickFormatter={(at: number) => names.get(at) ?? ""}
          minTickGap={18}
          {...TIME_AXIS}
        />
        <YAxis {...axis} />
        <ReferenceLine
          y={toPixelValue(limit, unit)}
          stroke="var(--danger)"
          label={{ value: "Limit", position: "insideTopLeft", fill: "var(--danger)", fontSize: 12 }}
        />
        <Line
          dataKey="ideal"
          stroke="var(--ink-muted)"
          strokeDasharray="2 4"
          {...LINE}
          dot={false}
          strokeWidth={1.5}
        />
        <Line dataKey="spent" stroke="var(--series-1)" {...LINE} />
        <Line
          dataKey="running"
          stroke="var(--series-1)"
          strokeDasharray="4 3"
          {...LINE}
          dot={false}
        />
        <Line
          dataKey="forecast"
          // It has two ends and nothing in between.
          connectNulls
          stroke="var(--series-2)"
          strokeDasharray="7 5"
          {...LINE}
          dot={false}
        />
        {/* A point by itself: there is one where the calls do not come to what the counter says. */}
        <Line
          dataKey="counter"
          stroke="var(--series-1)"
          {...LINE}
          dot={{ r: 4, fill: "var(--page)" }}
        />
        <Tooltip
          {...TOOLTIP}
          cursor={{ stroke: "var(--control)" }}
          content={({ active, label }) => {
            const point = active
              ? model.points.find(({ atMs }) => atMs === Number(label))
              : undefined;
            return point ? (
              <PointWords point={point} measure={measure} when={sayInstant(point.atMs)} />
            ) : null;
          }}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

const LINE = {
  type: "linear",
  dot: { r: 1.5, strokeDasharray: "" },
  activeDot: { r: 3 },
  strokeWidth: 2,
  isAnimationActive: false,
} as const;

/** One instant in full; also what is read aloud. */
function PointWords({
  point,
  measure,
  when,
}: {
  point: BurnDownPoint;
  measure: BudgetMeasure;
  when: string;
}) {
  const soFar = point.spent ?? point.running;
  const rows: [string, bigint | null][] = [
    [point.spent === null && soFar !== null ? "Spent so far" : "Spent", soFar],
    ["Meter", point.counter],
    ["Straight line", point.ideal],
    ["Forecast", point.forecast],
  ];
  return (
    <div
      role="status"
      className="tabular rounded-control border border-line bg-page px-3 py-2 text-[13px] text-ink shadow-elevation"
    >
      <p className="font-medium">{when}</p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4">
        {rows.map(([label, value]) =>
          value === null ? null : (
            <div key={label} className="col-span-2 grid grid-cols-subgrid">
              <dt>{label}</dt>
              <dd className="figures">{sayAmount(value, measure)}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}
