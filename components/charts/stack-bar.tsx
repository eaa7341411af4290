import type { Slice } from "@/components/charts/prepare-stack";

interface StackBarProps {
  /** What Recharts hands to a bar's shape: its box and the datum it stands for. */
  bar: unknown;
  slices: readonly Slice[];
  isFaded: boolean;
  colour: string;
}

interface BarBox {
  x: number;
  y: number;
  width: number;
  height: number;
  payload: { index: number };
}

/** One piece of a column; of the running bucket a dashed outline with a light fill. */
export function StackBar({ bar, slices, isFaded, colour }: StackBarProps) {
  if (!isBarBox(bar)) return null;
  const { x, y, width, height } = bar;
  const isRunning = slices[bar.payload.index]?.state === "running";
  const box = { x, y, width, height };
  if (!isRunning) {
    return (
      <rect
        {...box}
        fill={colour}
        fillOpacity={isFaded ? 0.22 : 1}
        stroke="var(--page)"
        strokeWidth={1}
      />
    );
  }
  return (
    <rect
      {...box}
      fill={colour}
      fillOpacity={isFaded ? 0.1 : 0.4}
      stroke={colour}
      strokeOpacity={isFaded ? 0.3 : 1}
      strokeDasharray="4 3"
      strokeWidth={1.5}
    />
  );
}

function isBarBox(bar: unknown): bar is BarBox {
  return typeof bar === "object" && bar !== null && "payload" in bar && "height" in bar;
}
