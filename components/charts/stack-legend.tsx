import { SeriesDot } from "@/components/charts/series-dot";
import { cn } from "@/components/ui/cn";

interface StackLegendProps {
  layers: readonly { id: string; label: string; slot: number | null; value: string }[];
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  /** `6 of 41`, where not every name is drawn on its own. */
  note: string | null;
}

/** Names the layers beside the chart, top of the stack first; pointing at one lights it up. */
export function StackLegend({ layers, highlighted, onHighlight, note }: StackLegendProps) {
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
      {note && <li className="text-ink-muted text-xs lg:px-1.5 lg:pt-1">{note}</li>}
    </ul>
  );
}
