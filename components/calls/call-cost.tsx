import { costStatusWords } from "@/components/calls/cost-status";
import { formatCallCost, formatExactUsd } from "@/lib/format";
import type { CostStatus } from "@/lib/prices/price";

interface CallCostProps {
  costUsd: string | null;
  status: CostStatus;
}

/** The cost of one call: `$0.0684`, `≥ $0.0684` where only a part is priced, `—` where nothing is. */
export function CallCost({ costUsd, status }: CallCostProps) {
  const { meaning } = costStatusWords(status);
  const isAtLeast = status === "partial" && costUsd !== null;
  return (
    <span
      className="tabular"
      title={
        status === "priced" ? formatExactUsd(costUsd) : `${formatExactUsd(costUsd)}. ${meaning}`
      }
    >
      {isAtLeast && (
        <>
          <span aria-hidden="true">≥ </span>
          <span className="sr-only">at least </span>
        </>
      )}
      {formatCallCost(costUsd)}
      {costUsd === null && <span className="sr-only">no price known</span>}
    </span>
  );
}
