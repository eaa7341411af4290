import { ArrowDown, ArrowUp, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { formatChangeShare } from "@/lib/change";
import { UNKNOWN } from "@/lib/format";

interface DifferenceProps {
  /** In one integer; null: not known. */
  a: bigint | null;
  b: bigint | null;
  /** More of it is worse: it is never green then, and less of it is. */
  isBurden: boolean;
  format: (amount: bigint) => ReactNode;
}

/** B against A: an arrow, the amount with its sign, and its share of A. */
export function Difference({ a, b, isBurden, format }: DifferenceProps) {
  if (a === null || b === null) return UNKNOWN;
  const difference = b - a;
  if (difference === 0n) {
    return (
      <span className="inline-flex items-center gap-1 text-ink-muted">
        <Minus aria-hidden="true" className="size-3.5" />
        the same
      </span>
    );
  }
  const isMore = difference > 0n;
  const Icon = isMore ? ArrowUp : ArrowDown;
  const share = formatChangeShare(difference, a);
  return (
    <span
      className={cn(
        "tabular inline-flex items-center gap-1 whitespace-nowrap",
        isBurden && (isMore ? "text-caution" : "text-good"),
      )}
    >
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="sr-only">{isMore ? "more: " : "less: "}</span>
      <span>
        {isMore ? "+" : "−"}
        {format(isMore ? difference : -difference)}
        {share !== null && ` (${share})`}
      </span>
    </span>
  );
}
