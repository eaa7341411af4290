import { ChevronRight } from "lucide-react";
import type { CostStep } from "@/components/traces/cost-tree";
import type { TreeRow } from "@/components/traces/flatten-tree";
import { StepIcon, StepMarkBadge } from "@/components/traces/step-icon";
import { cn } from "@/components/ui/cn";

/** Deeper steps stand below each other: a name needs room too. `aria-level` still tells. */
const MAX_INDENTS = 12;

interface NameCellProps {
  row: TreeRow;
  step: CostStep;
  /** It is there only because something below it matches. */
  isAside: boolean;
  /** Where the cost's marks have no room. */
  hasMarks?: boolean;
}

/** Who a step is, where it hangs, and what is worth seeing about it. Names are somebody else's text: they are shown, never run. */
export function NameCell({ row, step, isAside, hasMarks = true }: NameCellProps) {
  const { level, isExpanded } = row;
  return (
    <td
      style={{ paddingLeft: `calc(${Math.min(level - 1, MAX_INDENTS)} * var(--indent))` }}
      className={cn(
        "flex min-w-0 items-center gap-1.5 [--indent:0.5rem] @2xl:[--indent:1.125rem]",
        isAside && "text-ink-muted",
      )}
    >
      <span
        {...(isExpanded === null ? {} : { "data-toggle": "" })}
        className={cn(
          "-my-1 inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-muted",
          isExpanded !== null && "hover:bg-surface-strong hover:text-ink",
        )}
      >
        {isExpanded !== null && (
          <ChevronRight aria-hidden="true" className={cn("size-4", isExpanded && "rotate-90")} />
        )}
      </span>
      <StepIcon kind={step.kind} />
      <span className="min-w-0 truncate" title={step.name}>
        {step.name}
      </span>
      {step.model !== null && step.model !== step.name && (
        <span className="min-w-0 shrink-[4] truncate text-ink-muted @max-2xl:hidden">
          {step.model}
        </span>
      )}
      {hasMarks &&
        step.marks.map((mark) => <StepMarkBadge key={`${mark.kind} ${mark.label}`} mark={mark} />)}
    </td>
  );
}
