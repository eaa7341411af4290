import type { SessionTree } from "@/components/traces/trace-answer";
import { PointedLink } from "@/components/ui/pointed-link";
import { formatCostSum, formatCount, formatExactUsd, formatQuantity } from "@/lib/format";
import { sessionPath } from "@/lib/paths";

interface SessionTracesProps {
  answer: Pick<SessionTree["answer"], "traces" | "trace_count">;
  project: string;
  /** The page is a trace's: it need not lead to itself. */
  isTrace: boolean;
}

const MOST_SHOWN = 100;

/** The traces of a session, each with its own page. */
export function SessionTraces({ answer, project, isTrace }: SessionTracesProps) {
  const { traces, trace_count: count } = answer;
  if (isTrace || traces.length === 0) return null;
  return (
    <details className="text-[13px]">
      <summary className="cursor-pointer text-ink-muted">{formatQuantity(count, "trace")}</summary>
      <ol className="mt-1.5 flex max-h-64 flex-col gap-1 overflow-y-auto">
        {traces.slice(0, MOST_SHOWN).map((trace) => (
          <li key={trace.trace_id ?? ""} className="flex flex-wrap gap-x-3">
            {trace.trace_id === null ? (
              <span className="text-ink-muted italic">without a trace</span>
            ) : (
              <PointedLink
                href={sessionPath({ kind: "trace", id: trace.trace_id, project })}
                className="break-all font-mono text-link text-xs leading-5 underline-offset-2 hover:underline"
              >
                {trace.trace_id}
              </PointedLink>
            )}
            <span className="tabular" title={formatExactUsd(trace.cost_usd)}>
              {trace.is_at_least && trace.cost_usd !== null && "≥ "}
              {formatCostSum(trace.cost_usd)}
            </span>
            <span className="tabular text-ink-muted">{formatQuantity(trace.calls, "call")}</span>
          </li>
        ))}
        {count > MOST_SHOWN && (
          <li className="text-ink-muted">and {formatCount(count - MOST_SHOWN)} more</li>
        )}
      </ol>
    </details>
  );
}
