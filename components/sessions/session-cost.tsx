import type { Session } from "@/components/sessions/session-answer";
import { formatCostSum, formatExactUsd, formatQuantity } from "@/lib/format";

/** A session's cost, and whether it is only a part: `≥ $4.20` where some of its calls have no known price. */
export function SessionCost({ session }: { session: Session }) {
  const { cost_usd: costUsd, unpriced_calls: unpriced, partial_calls: partial } = session;
  const unknown = unpriced + partial;
  const isAtLeast = costUsd !== null && unknown > 0;
  const why = unknown > 0 ? ` ${formatQuantity(unknown, "call")} without a whole price.` : "";
  return (
    <span
      className="tabular"
      title={costUsd === null ? `No price is known.${why}` : `${formatExactUsd(costUsd)}.${why}`}
    >
      {isAtLeast && (
        <>
          <span aria-hidden="true">≥ </span>
          <span className="sr-only">at least </span>
        </>
      )}
      {formatCostSum(costUsd)}
      {costUsd === null && <span className="sr-only">cost unknown</span>}
    </span>
  );
}
