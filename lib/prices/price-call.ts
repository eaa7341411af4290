import type { FemtoUsd } from "@/lib/money";
import { choosePrices, type MatchedModel } from "@/lib/prices/choose-price";
import type { CallPrice, CostStatus, PriceableCall, PricedCall } from "@/lib/prices/price";
import type { PriceQuery } from "@/lib/prices/price-record";
import { type ApplicablePrices, type PricedUsage, priceUsage } from "@/lib/prices/price-usage";
import { normaliseServiceTier } from "@/lib/prices/service-tier";
import { checkUsage } from "@/lib/usage/check-usage";
import type { Usage } from "@/lib/usage/usage";

/** What pricing a call needs of the book. */
export interface PriceLookup {
  version: string;
  match: (provider: string, model: string, projectId: string) => MatchedModel;
  whyUnknown: (provider: string | null) => string;
}

/** Failures that providers do not bill: the request was turned away before a model ran. */
const NOT_BILLED_ERRORS: ReadonlySet<string> = new Set([
  "rate_limit",
  "authentication",
  "validation",
]);

/**
 * What a call costs and why. The order is the contract's: a cost the client reports and we trust; what costs nothing
 * by design; usage that is missing or contradicts itself; then the prices. Null is "unknown" and never 0.
 */
export function priceCall(call: PriceableCall, lookup: PriceLookup): PricedCall {
  if (call.reportedCostFemtoUsd !== null && countsReportedCost(call))
    return provided(call.reportedCostFemtoUsd);
  if (!call.usage || !isReported(call.usage)) return withoutUsage(call);
  if (isInnerNode(call) && !call.model) return freeOfCharge("no_own_cost");
  const fault = checkUsage(call.usage);
  if (fault) return unknownCost("invalid_usage", fault);
  if (!call.provider || !call.model)
    return unknownCost("unpriced", lookup.whyUnknown(call.provider));
  const query: PriceQuery = {
    tier: normaliseServiceTier(call.serviceTier),
    region: call.inferenceGeo?.trim().toLowerCase() || null,
    timestampMs: call.timestampMs,
    inputTokens: call.usage.input_tokens ?? 0,
  };
  const model = lookup.match(call.provider, call.model, call.projectId);
  const { paid, list } = choosePrices(model, query);
  if (!paid) return unknownCost("unpriced", lookup.whyUnknown(call.provider));
  const priced = toPricedCall(call, priceUsage(call.usage, paid), paid, lookup.version);
  return paid === list ? priced : { ...priced, listCostFemtoUsd: listCost(call.usage, list) };
}

/** A tool's cost is known only to who ran it; a call's own report counts only in a project that trusts it. */
function countsReportedCost(call: PriceableCall): boolean {
  return call.type === "tool" || (call.type === "llm" && call.trustsReportedCost);
}

/**
 * Inner nodes of the tree, and tools nobody pays for, have no usage by design: they cost nothing themselves, which is known, so
 * they are priced at 0 and do not show up among the unpriced. A model call without usage did cost something, unless it was
 * turned away.
 */
function withoutUsage(call: PriceableCall): PricedCall {
  if (call.type !== "llm") return freeOfCharge("no_own_cost");
  if (call.status === "error" && call.errorType !== null && NOT_BILLED_ERRORS.has(call.errorType)) {
    return freeOfCharge("not_billed");
  }
  return unknownCost("unpriced", "no_usage");
}

/**
 * A node of the tree that calls no model itself. Usage it names without a model is the sum of its children's, which are
 * billed as events of their own: billing it again would count them twice.
 */
function isInnerNode(call: PriceableCall): boolean {
  return call.type === "agent" || call.type === "step" || call.type === "guard";
}

function isReported(usage: Usage): boolean {
  for (const field in usage) {
    if (usage[field as keyof Usage] !== undefined) return true;
  }
  return false;
}

function provided(costFemtoUsd: FemtoUsd): PricedCall {
  return {
    costFemtoUsd,
    listCostFemtoUsd: costFemtoUsd,
    costStatus: "provided",
    costReason: null,
    price: null,
  };
}

function freeOfCharge(costReason: string): PricedCall {
  return { costFemtoUsd: 0n, listCostFemtoUsd: 0n, costStatus: "priced", costReason, price: null };
}

function unknownCost(costStatus: CostStatus, costReason: string): PricedCall {
  return { costFemtoUsd: null, listCostFemtoUsd: null, costStatus, costReason, price: null };
}

function toPricedCall(
  call: PriceableCall,
  priced: PricedUsage,
  paid: ApplicablePrices,
  version: string,
): PricedCall {
  const price: CallPrice = {
    version,
    source: paid.source,
    matched: paid.matched,
    lines: priced.lines,
  };
  const cost = priced.knownFemtoUsd;
  if (priced.missing.length === 0) {
    const costStatus = call.usageSource === "estimated" ? "estimated" : "priced";
    return { costFemtoUsd: cost, listCostFemtoUsd: cost, costStatus, costReason: null, price };
  }
  const costReason = paid.missingTier
    ? `no_price_for_tier:${paid.missingTier}`
    : `no_price_for:${priced.missing.join(",")}`;
  // Where nothing that was used has a price, "at least $0" would be a 0 for an unknown.
  if (priced.lines.length === 0) return { ...unknownCost("unpriced", costReason), price };
  return { costFemtoUsd: cost, listCostFemtoUsd: cost, costStatus: "partial", costReason, price };
}

/** The published price of a usage, where all of it has one: a part of it would make an override look dear. */
function listCost(usage: Usage, list: ApplicablePrices | null): FemtoUsd | null {
  if (!list) return null;
  const priced = priceUsage(usage, list);
  return priced.missing.length === 0 ? priced.knownFemtoUsd : null;
}
