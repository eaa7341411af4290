import type { PriceableCall } from "@/lib/prices/price";

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
