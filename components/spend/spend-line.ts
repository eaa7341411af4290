import type { SpendFigures } from "@/components/spend/spend-answer";

/** One line of the table: a group, or what the answer's limit left out. */
export interface SpendLine {
  /** Null is untagged. */
  name: string | null;
  /** The metric's exact integer; null where it is unknown. */
  value: bigint | null;
  /** Share of the metric's total, `12.3 %`; null where the total is 0 or unknown. */
  share: string | null;
  /** The same share from 0 to 1, for the width of its bar only. */
  shareWidth: number;
  /** Index of its layer in the chart; null where it is not drawn on its own. */
  layer: number | null;
  slot: number | null;
  figures: SpendFigures;
}
