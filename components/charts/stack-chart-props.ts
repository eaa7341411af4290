import type { ChartUnit } from "@/components/charts/prepare-axis";
import type { TimeTick } from "@/components/charts/prepare-labels";
import type { Slice, StackModel } from "@/components/charts/prepare-stack";

/** Who a layer is and how it looks; a null slot is Other's colour. */
export interface ChartLayer {
  id: string;
  label: string;
  slot: number | null;
}

export interface StackChartProps {
  model: StackModel;
  unit: ChartUnit;
  /** In the model's order. */
  layers: readonly ChartLayer[];
  /** The layer that lights up; the others step back. */
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  /** Enter or a click on a bucket. */
  onOpenBucket: (slice: Slice) => void;
  ticks: readonly TimeTick[];
  spanOf: (slice: Slice) => string;
  formatValue: (value: bigint | null) => string;
  title: string;
  /** What the dashed line is: `Previous period`. */
  beforeLabel?: string | null;
}
