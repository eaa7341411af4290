import type { PriceClass } from "@/lib/prices/price-class";
import type { UnitPrices } from "@/lib/prices/price-record";

/** Classes a provider bills as another one by its own documents, where a model has no price for them. */
const RULES: Readonly<Record<string, Readonly<Record<PriceClass, PriceClass>>>> = {
  // Before GPT-5.6 "caching happens automatically, with no extra cost": a written token is a plain one.
  // https://platform.openai.com/docs/guides/prompt-caching, checked 2026-11-22. GPT-5.6 and later have a price for writes.
  openai: { cache_write_5m: "input" },
  azure: { cache_write_5m: "input" },
  // A miss is billed as input and fills the cache. https://api-docs.deepseek.com/guides/kv_cache, checked 2026-11-22.
  deepseek: { cache_write_5m: "input" },
  // "You're billed for the input tokens used to create the cache at the standard input token price."
  // https://cloud.google.com/vertex-ai/generative-ai/docs/context-cache/context-cache-overview, checked 2026-11-22.
  google: { cache_write_5m: "input" },
  vertex: { cache_write_5m: "input" },
};

const NO_RULES: Readonly<Record<PriceClass, PriceClass>> = {};

/**
 * What a provider's documents say is billed as something else. Not a fallback: where nobody wrote such a rule, a class
 * without a price is missing. A model with a price for writes in its standard tier charges for them in every tier.
 */
export function billingRule(
  provider: string,
  standard: UnitPrices,
): Readonly<Record<PriceClass, PriceClass>> {
  return standard.has("cache_write_5m") ? NO_RULES : (RULES[provider] ?? NO_RULES);
}
