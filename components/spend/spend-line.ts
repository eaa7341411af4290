import type { SpendFigures } from "@/components/spend/spend-answer";
import type { Change } from "@/lib/change";

/** One line of the table: a group, by one dimension or two. */
export interface SpendLine {
  /** The names of its dimensions; null is untagged. */
  names: readonly (string | null)[];
  /** The metric's exact integer; null where it is unknown. */
  value: bigint | null;
  /** What it has a share of, as an exact integer: the metric, or for a rate what names are ranked by. */
  base: bigint | null;
  /** `12.3 %`; null where the whole is 0 or the part unknown. */
  share: string | null;
  /** The same share from 0 to 1, for the width of its bar only. */
  shareWidth: number;
  /** Index of its layer in the chart; null where it is not drawn on its own. */
  layer: number | null;
  slot: number | null;
  figures: SpendFigures;
  /** Against the comparison; null where that is unknown, or nothing is compared. */
  change: Change | null;
}

/** One text of a line's names, to find it by. */
export function lineKey(names: readonly (string | null)[]): string {
  return JSON.stringify(names);
}
