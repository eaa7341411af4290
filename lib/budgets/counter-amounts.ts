import type { CounterFigures } from "@/db/queries/budget-counters";
import type { Amounts, Limits } from "@/lib/budgets/budget";
import type { AmountsAnswer } from "@/lib/budgets/budget-answer-schemas";
import { readUsd } from "@/lib/budgets/budget-row";
import { formatUsd } from "@/lib/money";

/** What a counter has spent. */
export function spentOf(figures: CounterFigures): Amounts {
  return {
    usd: readUsd(figures.spentUsd),
    tokens: BigInt(figures.spentTokens),
    calls: BigInt(figures.spentCalls),
    toolCalls: BigInt(figures.spentToolCalls),
    ms: BigInt(figures.spentMs),
  };
}

/** What a counter holds for calls under way; how long they will take nobody knows. */
export function reservedOf(figures: CounterFigures): Amounts {
  return {
    usd: readUsd(figures.reservedUsd),
    tokens: BigInt(figures.reservedTokens),
    calls: BigInt(figures.reservedCalls),
    toolCalls: BigInt(figures.reservedToolCalls),
    ms: 0n,
  };
}

/** Amounts as they are answered. */
export function toAmountsAnswer(amounts: Amounts): AmountsAnswer {
  return {
    usd: formatUsd(amounts.usd),
    tokens: Number(amounts.tokens),
    calls: Number(amounts.calls),
    tool_calls: Number(amounts.toolCalls),
    seconds: Number(amounts.ms) / 1000,
  };
}

/** Limits as they are answered; null: not limited. */
export function toLimitsAnswer(limits: Limits) {
  const whole = (limit: bigint | null) => (limit === null ? null : Number(limit));
  return {
    limit_usd: limits.usd === null ? null : formatUsd(limits.usd),
    limit_tokens: whole(limits.tokens),
    limit_calls: whole(limits.calls),
    limit_tool_calls: whole(limits.toolCalls),
    limit_seconds: limits.ms === null ? null : Number(limits.ms) / 1000,
  };
}
