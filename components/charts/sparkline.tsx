import { seriesColour } from "@/components/charts/palette";
import { prepareSparkline } from "@/components/charts/prepare-sparkline";

interface SparklineProps {
  values: readonly (bigint | null)[];
  slot: number | null;
}

const WIDTH = 72;
const HEIGHT = 18;

/** A row's course over the range, for the eye alone: the figures stand beside it. */
export function Sparkline({ values, slot }: SparklineProps) {
  return (
    <svg
      aria-hidden="true"
      width={WIDTH}
      height={HEIGHT + 4}
      viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`}
      className="ml-auto overflow-visible"
    >
      {prepareSparkline(values, WIDTH, HEIGHT).map((path) => (
        <path
          key={path}
          d={path}
          fill="none"
          stroke={seriesColour(slot)}
          strokeWidth={1.5}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}
