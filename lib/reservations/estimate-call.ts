import type { FemtoUsd } from "@/lib/money";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Wish } from "@/lib/reservations/check-reservation";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import { worstCaseOf } from "@/lib/reservations/worst-case";

/** Why a worst case is not known. */
export type UnknownWorst = "no_price" | "no_output_cap" | "no_input_estimate";

/** What a wish may cost, for one model: at most, and as such calls go. */
export interface CallEstimate {
  readonly isLlm: boolean;
  /** Femto-dollars; the caller's own worst case where it gave one. */
  readonly worstUsd: FemtoUsd | UnknownWorst;
  readonly worstTokens: bigint | UnknownWorst;
  /** Never more than the worst case; null: no price. */
  readonly likelyUsd: FemtoUsd | null;
  readonly likelyTokens: bigint;
}

/** A model to estimate for: the one asked for, or the one of a reroute. */
export interface Target {
  provider: string | null;
  model: string | null;
}

/** Tokens of an output of which nobody said anything, until calls taught better. */
const UNKNOWN_OUTPUT = 1_024;

/** Estimates a call. Prices are those of any call: overrides, tiers, places and long contexts are in them. */
export function estimateCall(
  wish: Wish,
  target: Target,
  at: { projectId: string; nowMs: number },
  deps: { prices: PriceBookHolder; learner: OutputLearner },
): CallEstimate {
  const isLlm = wish.type === "llm";
  const worst = once(() => wish.estimatedCostFemtoUsd ?? worstUsdOf(wish, target, at, deps.prices));
  const output = once(() => (isLlm ? expectOutput(wish, target, at.projectId, deps.learner) : 0));
  const likely = once(() => {
    const usd = wish.estimatedCostFemtoUsd ?? likelyUsdOf(wish, target, at, output(), deps.prices);
    return usd === null ? null : atMost(usd, worst());
  });
  const worstTokens = isLlm ? worstTokensOf(wish) : 0n;
  // Each only when a budget asks for it: most calls are bound by budgets of one mode, or by none.
  return {
    isLlm,
    worstTokens,
    get worstUsd() {
      return worst();
    },
    get likelyUsd() {
      return likely();
    },
    get likelyTokens() {
      const tokens = isLlm ? BigInt((wish.usage?.input_tokens ?? 0) + output()) : 0n;
      return atMost(tokens, worstTokens);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function atMost(amount: bigint, most: bigint | UnknownWorst): bigint {
  return typeof most === "bigint" && most < amount ? most : amount;
}

function worstTokensOf({ usage, maxOutputTokens }: Wish): bigint | UnknownWorst {
  if (maxOutputTokens === null) return "no_output_cap";
  // Not 0 for an input that nobody estimated: it would hold nothing for what may be most of the cost.
  if (usage?.input_tokens === undefined) return "no_input_estimate";
  return BigInt(usage.input_tokens) + BigInt(maxOutputTokens);
}

function worstUsdOf(
  wish: Wish,
  target: Target,
  { projectId, nowMs }: { projectId: string; nowMs: number },
  prices: PriceBookHolder,
): FemtoUsd | UnknownWorst {
  // What a tool costs is known only to who runs it.
  if (wish.type === "tool" && !wish.usage) return 0n;
  const dearest = prices.dearestPrices({
    ...target,
    projectId,
    serviceTier: wish.serviceTier,
    inferenceGeo: wish.inferenceGeo,
    inputTokens: wish.usage?.input_tokens ?? 0,
    unitNames: Object.keys(wish.usage?.units ?? {}),
    fromMs: nowMs,
    toMs: nowMs + wish.ttlSeconds * 1000,
  });
  if (dearest.byClass.size === 0) return "no_price";
  const tokens = worstTokensOf(wish);
  if (typeof tokens !== "bigint") return tokens;
  return worstCaseOf(wish, dearest) ?? "no_price";
}

/** What its output will be: as such calls had, what the caller expects, or its cap; never more than the cap. */
function expectOutput(
  wish: Wish,
  { model }: Target,
  projectId: string,
  learner: OutputLearner,
): number {
  const cap = wish.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const learned = learner.expect({ projectId, model: model ?? "", agent: wish.tags.agent });
  const expected = learned ?? wish.usage?.output_tokens ?? wish.maxOutputTokens ?? UNKNOWN_OUTPUT;
  return Math.min(expected, cap);
}

function likelyUsdOf(
  wish: Wish,
  target: Target,
  { projectId, nowMs }: { projectId: string; nowMs: number },
  output: number,
  prices: PriceBookHolder,
): FemtoUsd | null {
  if (wish.type === "tool" && !wish.usage) return 0n;
  const { reasoning_tokens, output_audio_tokens, ...rest } = wish.usage ?? {};
  return prices.priceCall({
    projectId,
    type: "llm",
    ...target,
    timestampMs: nowMs,
    serviceTier: wish.serviceTier,
    inferenceGeo: wish.inferenceGeo,
    usage: { ...rest, output_tokens: output },
    usageSource: "estimated",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
  }).costFemtoUsd;
}
