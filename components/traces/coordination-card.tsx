import { percent } from "@/components/traces/list-marks";
import { Card, CardContent, CardDescription, CardTitle } from "@/components/ui/card";
import { formatCallCost, formatExactUsd, formatTokens } from "@/lib/format";
import type { SessionTreeAnswer } from "@/lib/traces/trace-schemas";

/** What it cost that several agents work together, and what is meant by it. */
export function CoordinationCard({ coordination }: Pick<SessionTreeAnswer, "coordination">) {
  if (coordination === null) return null;
  const { share, tokens, input_tokens: input, cost_usd: costUsd } = coordination;
  return (
    <Card aria-label="Coordination">
      <CardContent className="flex flex-col gap-1.5">
        <CardTitle>Coordination</CardTitle>
        <p className="text-sm">
          {share === null ? (
            "No call reported what it read, so nobody can say."
          ) : (
            <>
              <strong className="font-semibold">
                {coordination.is_estimate && "At most "}
                {percent(share)}
              </strong>{" "}
              of all input ({formatTokens(tokens)} of {formatTokens(input)} tokens) was read by
              sub-agents after another agent had written it
              {costUsd !== null && (
                <>
                  ; that is{" "}
                  <span className="tabular" title={formatExactUsd(costUsd)}>
                    {formatCallCost(costUsd)}
                  </span>{" "}
                  at the price of plain input
                </>
              )}
              .
            </>
          )}
        </p>
        <CardDescription className="max-w-3xl">
          For each call of an agent other than the first one: the lesser of its input that did not
          come from a cache, and of all that other agents had written before it began.
          {coordination.is_estimate &&
            " Only the counts of tokens are known, not which tokens they were, so it is an upper bound."}
        </CardDescription>
      </CardContent>
    </Card>
  );
}
