import { formatUsd } from "@/lib/money";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceBook } from "@/lib/prices/price-book";
import type { PriceOverride } from "@/lib/prices/price-override";

/** A plain successful call of a known model; tests change what they are about. */
export function priceableCall(changes: Partial<PriceableCall> = {}): PriceableCall {
  return {
    projectId: "project-1",
    type: "llm",
    provider: "openai",
    model: "gpt-4o",
    timestampMs: Date.parse("2026-02-01T12:00:00Z"),
    serviceTier: "standard",
    inferenceGeo: null,
    usage: { input_tokens: 1000, output_tokens: 100 },
    usageSource: "reported",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
    ...changes,
  };
}

/** Prices that call, and answers in words a test can read: dollars as decimal strings. */
export function priceOf(changes: Partial<PriceableCall>, overrides: PriceOverride[] = []) {
  const priced = createPriceBook({ overrides }).priceCall(priceableCall(changes));
  const usd = (cost: bigint | null) => (cost === null ? null : formatUsd(cost));
  return {
    usd: usd(priced.costFemtoUsd),
    listUsd: usd(priced.listCostFemtoUsd),
    status: priced.costStatus,
    reason: priced.costReason,
    source: priced.price?.source ?? null,
    matched: priced.price?.matched ?? null,
    lines: priced.price?.lines ?? [],
  };
}
