"use client";

import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { TIME_AXIS, TOOLTIP, valueAxis } from "@/components/charts/axis-props";
import { seriesColour } from "@/components/charts/palette";
import { SeriesDot } from "@/components/charts/series-dot";
import { MARGIN } from "@/components/charts/stack-frame";
import { type ContextModel, summariseContext } from "@/components/traces/prepare-context";
import { formatCount } from "@/lib/format";

interface ContextChartProps {
  model: ContextModel;
  /** In the model's order. */
  layers: readonly { name: string; slot: number | null }[];
  height: number;
}

/** Draws a prepared model; it decides nothing about the data. */
export function ContextChart({ model, layers, height }: ContextChartProps) {
  const axis = valueAxis(BigInt(model.most), "count");
  // Columns by place: a name may be anything, even a path into an object.
  const data = model.turns.map((turn) => [
    turn,
    ...model.lines.map(({ points }) => points.get(turn) ?? null),
  ]);
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart
        data={data}
        accessibilityLayer
        title={summariseContext(model)}
        margin={{ ...MARGIN, top: 8, right: 12 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="0"
          type="number"
          domain={["dataMin", "dataMax"]}
          allowDecimals={false}
          tickFormatter={(turn: number) => formatCount(turn)}
          minTickGap={18}
          {...TIME_AXIS}
        />
        <YAxis {...axis} />
        {layers.map(({ name, slot }, place) => (
          <Line
            key={name}
            dataKey={String(place + 1)}
            stroke={seriesColour(slot)}
            type="linear"
            // Agents have turns of their own, and the answer has a hundred of each.
            connectNulls
            dot={model.turns.length > 40 ? false : { r: 2 }}
            strokeWidth={2}
            isAnimationActive={false}
          />
        ))}
        <Tooltip
          {...TOOLTIP}
          cursor={{ stroke: "var(--control)" }}
          content={({ active, label }) =>
            active ? <TurnWords model={model} layers={layers} turn={Number(label)} /> : null
          }
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

interface TurnWordsProps extends Pick<ContextChartProps, "model" | "layers"> {
  turn: number;
}

/** One turn in full; also what is read aloud. */
function TurnWords({ model, layers, turn }: TurnWordsProps) {
  return (
    <div
      role="status"
      className="tabular rounded-control border border-line bg-page px-3 py-2 text-[13px] text-ink shadow-elevation"
    >
      <p className="font-medium">Turn {formatCount(turn)}</p>
      <dl className="mt-1 grid grid-cols-[1fr_auto] gap-x-4">
        {layers.map(({ name, slot }, place) => {
          const tokens = model.lines[place]?.points.get(turn);
          return tokens === undefined ? null : (
            <div key={name} className="col-span-2 grid grid-cols-subgrid">
              <dt className="flex items-center gap-1.5">
                <SeriesDot slot={slot} />
                <span className="max-w-48 truncate">{name}</span>
              </dt>
              <dd className="figures">{formatCount(tokens)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
