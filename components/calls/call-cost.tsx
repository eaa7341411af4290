import { costStatusWords } from "@/components/calls/cost-status";
import { formatCallCost, formatExactUsd } from "@/lib/format";
import type { CostStatus } from "@/lib/prices/price";

interface CallCostProps {
  costUsd: string | null;
  status: CostStatus;
  /** false: a voided call, struck through. */
  isCounted: boolean;
}

/** The cost of one call: `$0.0684`, `≥ $0.0684` where only a part is priced, `—` where nothing is. */
export function CallCost({ costUsd, status, isCounted }: CallCostProps) {
  const isAtLeast = status === "partial" && costUsd !== null;
  return (
    <span
      className={isCounted ? "tabular" : "tabular text-ink-muted line-through"}
      title={isCounted ? titleOf(costUsd, status) : "Voided: it adds up to nothing."}
    >
      {isAtLeast && (
        <>
          <span aria-hidden="true">≥ </span>
          <span className="sr-only">at least </span>
        </>
      )}
      {formatCallCost(costUsd)}
      {costUsd === null && <span className="sr-only">cost unknown</span>}
    </span>
  );
}

function titleOf(costUsd: string | null, status: CostStatus): string {
  const { meaning } = costStatusWords(status);
  if (costUsd === null) return meaning;
  return status === "priced" ? formatExactUsd(costUsd) : `${formatExactUsd(costUsd)}. ${meaning}`;
}
