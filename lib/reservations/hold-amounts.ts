import { type Amounts, type Budget, NO_AMOUNTS } from "@/lib/budgets/budget";
import type { FemtoUsd } from "@/lib/money";
import type { CallEstimate, UnknownWorst } from "@/lib/reservations/estimate-call";

/** What a call holds of a budget, or why that cannot be said and the budget refuses it. */
export type HoldAmounts =
  | { kind: "hold"; amounts: Amounts; isUnpriced: boolean }
  | { kind: "unknown"; code: UnknownWorst };

const TOKENS_PER_PRICE = 1_000_000n;

/**
 * What a call holds of a budget: in `strict` its worst case, in `enforce` what such calls use. Seconds are known only
 * afterwards: none are held. A dollar that is not limited need not be known.
 */
export function holdAmountsOf(budget: Budget, estimate: CallEstimate): HoldAmounts {
  return budget.mode === "strict" ? strictHold(budget, estimate) : likelyHold(budget, estimate);
}

function strictHold(budget: Budget, estimate: CallEstimate): HoldAmounts {
  const { limits, unpriced } = budget;
  const { worstTokens } = estimate;
  let { worstUsd } = estimate;
  if (worstUsd === "no_price" && unpriced.kind === "rate") {
    // It has a price, by the rate: where that cannot be held, what is missing are the tokens.
    const { femtoUsdPerMtok } = unpriced;
    worstUsd =
      typeof worstTokens === "bigint" ? priceByRate(worstTokens, femtoUsdPerMtok) : worstTokens;
  }
  if (limits.usd !== null && typeof worstUsd !== "bigint") return unknown(worstUsd);
  if (limits.tokens !== null && typeof worstTokens !== "bigint") return unknown(worstTokens);
  return hold(estimate, {
    usd: typeof worstUsd === "bigint" ? worstUsd : (estimate.likelyUsd ?? 0n),
    tokens: typeof worstTokens === "bigint" ? worstTokens : estimate.likelyTokens,
  });
}

function likelyHold(budget: Budget, estimate: CallEstimate): HoldAmounts {
  const { unpriced } = budget;
  const { likelyUsd, likelyTokens: tokens } = estimate;
  if (likelyUsd !== null) return hold(estimate, { usd: likelyUsd, tokens });
  if (unpriced.kind === "block") return unknown("no_price");
  // As its event will count: at the rate, or as an unknown cost that costs the budget nothing.
  const usd = unpriced.kind === "rate" ? priceByRate(tokens, unpriced.femtoUsdPerMtok) : 0n;
  return { ...hold(estimate, { usd, tokens }), isUnpriced: unpriced.kind === "warn" };
}

function hold({ isLlm }: CallEstimate, amounts: Pick<Amounts, "usd" | "tokens">) {
  const calls = isLlm ? { calls: 1n } : { toolCalls: 1n };
  return {
    kind: "hold" as const,
    amounts: { ...NO_AMOUNTS, ...amounts, ...calls },
    isUnpriced: false,
  };
}

function unknown(code: UnknownWorst): HoldAmounts {
  return { kind: "unknown", code };
}

/** Upwards: a hold must not be less than what its event will count. */
function priceByRate(tokens: bigint, femtoUsdPerMtok: FemtoUsd): FemtoUsd {
  return (tokens * femtoUsdPerMtok + TOKENS_PER_PRICE - 1n) / TOKENS_PER_PRICE;
}
