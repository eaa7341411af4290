import type { Slice } from "@/components/charts/prepare-stack";
import { SeriesDot } from "@/components/charts/series-dot";
import { cn } from "@/components/ui/cn";
import { formatShare } from "@/lib/format";

interface StackTooltipProps {
  slice: Slice | undefined;
  layers: readonly { id: string; label: string; slot: number | null }[];
  highlighted: number | null;
  /** Of a rate there are no shares, and what all of them have is no total. */
  isRate: boolean;
  /** What the comparison is called; null where there is none. */
  beforeLabel: string | null;
  spanOf: (slice: Slice) => string;
  formatValue: (value: bigint | null) => string;
}

/** One bucket in full: its span, its total, each layer by value with its share. Also what is read aloud. */
export function StackTooltip({
  slice,
  layers,
  highlighted,
  isRate,
  beforeLabel,
  spanOf,
  formatValue,
}: StackTooltipProps) {
  if (!slice) return null;
  return (
    <div
      role="status"
      className="tabular min-w-52 rounded-control border border-line bg-page px-3 py-2 text-[13px] text-ink shadow-elevation"
    >
      <p className="font-medium">
        {spanOf(slice)}
        {slice.state === "running" && <span className="text-ink-muted"> · so far</span>}
      </p>
      {slice.state === "missing" ? (
        <p className="text-ink-muted">No data received</p>
      ) : (
        <dl className="mt-1 grid grid-cols-[1fr_auto_auto] gap-x-3 gap-y-0.5">
          {listByValue(slice, layers).map(({ id, label, slot, value, index }) => (
            <div
              key={id}
              className={cn(
                "col-span-3 grid grid-cols-subgrid",
                index === highlighted && "font-semibold",
              )}
            >
              <dt className="flex min-w-0 items-center gap-1.5">
                <SeriesDot slot={slot} />
                <span className="max-w-44 truncate">{label}</span>
              </dt>
              <dd className="figures">{formatValue(value)}</dd>
              <dd className="figures min-w-13 text-ink-muted">
                {value !== null && slice.total !== null && !isRate
                  ? formatShare(value, slice.total)
                  : ""}
              </dd>
            </div>
          ))}
          <div className="col-span-3 mt-1 grid grid-cols-subgrid border-line border-t pt-1 font-medium">
            <dt>{isRate ? "All" : "Total"}</dt>
            <dd className="figures">{formatValue(slice.total)}</dd>
            <dd />
          </div>
          {beforeLabel && (
            <div className="col-span-3 grid grid-cols-subgrid text-ink-muted">
              <dt>{beforeLabel}</dt>
              <dd className="figures">{formatValue(slice.before)}</dd>
              <dd />
            </div>
          )}
        </dl>
      )}
    </div>
  );
}

function listByValue(slice: Slice, layers: StackTooltipProps["layers"]) {
  return layers
    .map((layer, index) => ({ ...layer, index, value: slice.values[index] ?? null }))
    .sort((one, two) => Number((two.value ?? -1n) - (one.value ?? -1n)));
}
