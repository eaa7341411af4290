import type { Amounts, UnpricedRule } from "@/lib/budgets/budget";
import type { CountedCall } from "@/lib/budgets/counted-call";
import { divideHalfEven } from "@/lib/money";

/** What a call adds to a counter. */
export interface Spent extends Amounts {
  /** 1 where its cost is unknown and the budget's rule gives it none. */
  unknownCosts: bigint;
}

type Measured = Pick<CountedCall, "type" | "cost" | "hasUsage" | "tokens" | "ms">;

/**
 * What a call counts in a budget: dollars and unknown costs of every event; tokens and calls of model calls, tool calls
 * of tools, and how long both took. An agent's or a step's own time is that of the calls under it.
 */
export function measureCall(call: Measured, unpriced: UnpricedRule): Spent {
  const isModel = call.type === "llm";
  const isTool = call.type === "tool";
  const usd = call.cost ?? rateOf(call, unpriced);
  return {
    usd: usd ?? 0n,
    tokens: isModel ? call.tokens : 0n,
    calls: isModel ? 1n : 0n,
    toolCalls: isTool ? 1n : 0n,
    ms: isModel || isTool ? call.ms : 0n,
    unknownCosts: usd === null ? 1n : 0n,
  };
}

/** Without usage nobody knows how many tokens there were: that is no 0, and its cost stays unknown. */
function rateOf({ type, hasUsage, tokens }: Measured, unpriced: UnpricedRule) {
  if (unpriced.kind !== "rate" || type !== "llm" || !hasUsage) return null;
  return divideHalfEven(tokens * unpriced.femtoUsdPerMtok, 1_000_000n);
}
