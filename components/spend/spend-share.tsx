import { seriesColour } from "@/components/charts/palette";
import type { SpendLine } from "@/components/spend/spend-line";
import { UNKNOWN } from "@/lib/format";

/** A line's share as a bar in its colour and as a number; on a narrow screen the number alone. */
export function SpendShare({ line }: { line: SpendLine }) {
  return (
    <span className="flex items-center gap-2">
      <span
        aria-hidden="true"
        className="hidden h-1.5 w-16 overflow-hidden rounded-full bg-surface-strong sm:block"
      >
        <span
          className="block h-full rounded-full"
          style={{ width: `${line.shareWidth * 100}%`, background: seriesColour(line.slot) }}
        />
      </span>
      <span className="figures min-w-13 flex-1">{line.share ?? UNKNOWN}</span>
    </span>
  );
}
