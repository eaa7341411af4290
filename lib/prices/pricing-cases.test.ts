import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatUsd } from "@/lib/money";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceBook } from "@/lib/prices/price-book";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import type { RawUsage, Usage } from "@/lib/usage/usage";

interface PricingCase {
  name: string;
  provider: string;
  model: string;
  timestamp: string;
  service_tier: string;
  usage: Usage;
  raw_usage?: RawUsage;
  price_override?: {
    provider: string;
    model: string;
    input_per_mtok: string;
    output_per_mtok: string;
  };
  expected_status: string;
  expected_usd: string | null;
  expected_reason_code?: string;
  components: Record<string, string> | null;
}

const file = new URL("./testdata/pricing-cases.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: PricingCase[] };

function price(pricing: PricingCase, usage: Usage) {
  const overrides = pricing.price_override ? [{ id: "case", ...pricing.price_override }] : [];
  const call: PriceableCall = {
    projectId: "p",
    type: "llm",
    provider: pricing.provider,
    model: pricing.model,
    timestampMs: Date.parse(pricing.timestamp),
    serviceTier: pricing.service_tier,
    inferenceGeo: null,
    usage,
    usageSource: "reported",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
  };
  const priced = createPriceBook({ overrides }).priceCall(call);
  return {
    status: priced.costStatus,
    reason: priced.costReason,
    usd: priced.costFemtoUsd === null ? null : formatUsd(priced.costFemtoUsd),
    components:
      priced.price && Object.fromEntries(priced.price.lines.map((line) => [line.class, line.usd])),
  };
}

function expected(pricing: PricingCase) {
  return {
    status: pricing.expected_status,
    reason: pricing.expected_reason_code ?? null,
    usd: pricing.expected_usd,
    components: pricing.components,
  };
}

describe("each published case is met to the last digit", () => {
  test.each(cases)("$name", (pricing) => {
    expect(price(pricing, pricing.usage)).toEqual(expected(pricing));
  });
});

describe("each published case is met from the provider's own usage object", () => {
  test.each(cases.filter((pricing) => pricing.raw_usage))("$name", (pricing) => {
    const { raw_usage: raw } = pricing;
    const read = raw && normaliseRawUsage(raw);
    if (!read?.ok) throw new Error("the body was refused");
    expect(read.usage).toEqual(pricing.usage);
    expect(price(pricing, read.usage)).toEqual(expected(pricing));
  });
});
