import { type ChartUnit, prepareAxis, toPixelValue } from "@/components/charts/prepare-axis";
import { VALUE_AXIS_WIDTH } from "@/components/charts/stack-frame";

const TICK = { fill: "var(--ink-muted)", fontSize: 12, className: "tabular" };

/** How every chart's time axis looks. */
export const TIME_AXIS = {
  tick: TICK,
  tickLine: false,
  axisLine: { stroke: "var(--control)" },
} as const;

/** How every chart's tooltip stands over the page. */
export const TOOLTIP = { isAnimationActive: false, wrapperStyle: { zIndex: 20 } } as const;

/** Every chart's axis of values: round ones up to the largest that is drawn, in the words of its unit. */
export function valueAxis(max: bigint, unit: ChartUnit) {
  const axis = prepareAxis(max, unit);
  const labels = new Map(axis.ticks.map((tick) => [toPixelValue(tick.value, unit), tick.label]));
  return {
    width: VALUE_AXIS_WIDTH,
    domain: [0, toPixelValue(axis.max, unit)],
    ticks: [...labels.keys()],
    tickFormatter: (value: number) => labels.get(value) ?? "",
    tick: TICK,
    tickLine: false,
    axisLine: false,
  };
}
