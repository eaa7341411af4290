import { formatCallCost, formatCostSum, formatExactUsd } from "@/lib/format";
import { type FemtoUsd, formatUsd } from "@/lib/money";

interface StepCostProps {
  usd: FemtoUsd | null;
  /** Something of it has no whole price. */
  isAtLeast: boolean;
  /** One call's cost has more digits than a sum's. */
  isSum?: boolean;
}

/** A cost in a tree: `$1.24`, `≥ $1.24` where a part of it is not priced, `—` where nothing is; exact on hover. */
export function StepCost({ usd, isAtLeast, isSum = false }: StepCostProps) {
  const text = usd === null ? null : formatUsd(usd);
  const why = isAtLeast ? " A part of it has no known price." : "";
  return (
    <span
      className="tabular"
      title={text === null ? "No price is known." : `${formatExactUsd(text)}.${why}`}
    >
      {text !== null && isAtLeast && (
        <>
          <span aria-hidden="true">≥ </span>
          <span className="sr-only">at least </span>
        </>
      )}
      {isSum ? formatCostSum(text) : formatCallCost(text)}
      {text === null && <span className="sr-only">cost unknown</span>}
    </span>
  );
}
