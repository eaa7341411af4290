import { SeriesDot } from "@/components/charts/series-dot";
import { cn } from "@/components/ui/cn";

interface StackLegendProps {
  layers: readonly { id: string; label: string; slot: number | null; value: string }[];
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  /** `6 of 41`, where not every name is drawn on its own. */
  note: string | null;
  /** Lines over the layers: the total of a rate, and the dashed comparison. */
  lines?: readonly { label: string; isDashed: boolean; value: string }[];
}

/** Names the layers beside the chart, top of the stack first; pointing at one lights it up. */
export function StackLegend({
  layers,
  highlighted,
  onHighlight,
  note,
  lines = [],
}: StackLegendProps) {
  return (
    <ul
      aria-label="Legend"
      onPointerLeave={() => onHighlight(null)}
      className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] lg:w-52 lg:flex-col lg:flex-nowrap lg:gap-y-0.5"
    >
      {layers
        .map((layer, index) => ({ ...layer, index }))
        .reverse()
        .map(({ id, label, slot, value, index }) => (
          <li
            key={id}
            onPointerEnter={() => onHighlight(index)}
            className={cn(
              "flex min-w-0 items-center gap-1.5 rounded-sm lg:px-1.5 lg:py-0.5",
              highlighted !== null &&
                highlighted !== index &&
                "text-ink-muted [&>span:first-child]:opacity-40",
              highlighted === index && "bg-surface-strong",
            )}
          >
            <SeriesDot slot={slot} />
            <span className="min-w-0 truncate">{label}</span>
            <span className="figures hidden flex-1 pl-2 text-ink-muted lg:block">{value}</span>
          </li>
        ))}
      {lines.map(({ label, isDashed, value }) => (
        <li key={label} className="flex min-w-0 items-center gap-1.5 lg:px-1.5 lg:py-0.5">
          <span
            aria-hidden="true"
            className={cn(
              "w-4 shrink-0 border-t-2",
              isDashed ? "border-ink-muted border-dotted" : "border-ink",
            )}
          />
          <span className="min-w-0 truncate">{label}</span>
          <span className="figures hidden flex-1 pl-2 text-ink-muted lg:block">{value}</span>
        </li>
      ))}
      {note && <li className="text-ink-muted text-xs lg:px-1.5 lg:pt-1">{note}</li>}
    </ul>
  );
}
