import { ArrowDown, ArrowUp, Minus } from "lucide-react";
import { formatMetric, isBurden, type Metric } from "@/components/spend/metric";
import { cn } from "@/components/ui/cn";
import { type Change, describeChange } from "@/lib/change";

interface SpendChangeProps {
  change: Change | null;
  metric: Metric;
  className?: string;
}

/** A change with its arrow, its words and its colour. More of what costs is never green, and colour never speaks alone. */
export function SpendChange({ change, metric, className }: SpendChangeProps) {
  const sign = change === null || change.difference === 0n ? 0 : change.difference < 0n ? -1 : 1;
  const Icon = sign === 0 ? Minus : sign < 0 ? ArrowDown : ArrowUp;
  const tone = sign === 0 || !isBurden(metric) ? "" : sign > 0 ? "text-caution" : "text-good";
  return (
    <span className={cn("inline-flex items-center gap-1 align-bottom", tone, className)}>
      {change !== null && <Icon aria-hidden="true" className="size-3.5 shrink-0" />}
      {describeChange(change, (amount) => formatMetric(amount, metric))}
    </span>
  );
}
