import { seriesColour } from "@/components/charts/palette";

/** A swatch beside a name; the name always says the same in words. */
export function SeriesDot({ slot }: { slot: number | null }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2.5 shrink-0 rounded-[3px]"
      style={{ background: seriesColour(slot) }}
    />
  );
}
