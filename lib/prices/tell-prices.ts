import { z } from "zod";
import { formatUsd } from "@/lib/money";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { PriceClass } from "@/lib/prices/price-class";
import { normaliseServiceTier } from "@/lib/prices/service-tier";

/** Query of GET /v1/prices. */
export const pricesQuerySchema = z.strictObject({
  provider: z.string().max(256).optional(),
  model: z.string().min(1).max(256),
  service_tier: z.string().max(64).default("standard"),
  input_tokens: z.coerce.number().int().min(0).max(1_000_000_000_000).default(100_000).meta({
    description: "The longest input; some models cost more from a length on.",
  }),
});
export type PricesQuery = z.output<typeof pricesQuerySchema>;

const price = z.string().nullable();

/** Answer of GET /v1/prices. */
export const tellPricesSchema = z.object({
  model: z.string(),
  input_tokens: z.int(),
  ttl_seconds: z.int(),
  is_partial: z.boolean().meta({ description: "Something besides is billed that has no price." }),
  prices: z
    .object({
      input_per_mtok: price,
      cache_read_per_mtok: price,
      cache_write_5m_per_mtok: price,
      cache_write_1h_per_mtok: price,
      input_audio_per_mtok: price,
      output_per_mtok: price,
      output_audio_per_mtok: price,
      web_search_per_1k: price,
    })
    .nullable()
    .meta({
      description: "The most that each class costs, null where it has no price; null: the model.",
    }),
});
export type TellPricesAnswer = z.output<typeof tellPricesSchema>;

const TTL_SECONDS = 300;

/**
 * The most that a call of a model costs now, by class: for limits that an agent keeps by itself. What a call did cost is
 * only known from the ledger.
 */
export function tellPrices(
  prices: Pick<PriceBookHolder, "dearestPrices">,
  projectId: string,
  { provider, model, service_tier, input_tokens }: PricesQuery,
  nowMs: number,
): TellPricesAnswer {
  const { byClass, isPartial } = prices.dearestPrices({
    projectId,
    provider: provider ?? null,
    model,
    serviceTier: normaliseServiceTier(service_tier),
    inferenceGeo: null,
    inputTokens: input_tokens,
    unitNames: [],
    fromMs: nowMs,
    toMs: nowMs + TTL_SECONDS * 1000,
  });
  // Reasoning is output of another price, where it has one.
  const dearest = (...classes: PriceClass[]) => {
    const [first] = classes
      .flatMap((name) => byClass.get(name) ?? [])
      .sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    return first === undefined ? null : formatUsd(first);
  };
  return {
    model,
    input_tokens,
    ttl_seconds: TTL_SECONDS,
    is_partial: isPartial,
    prices:
      byClass.size === 0
        ? null
        : {
            input_per_mtok: dearest("input"),
            cache_read_per_mtok: dearest("cache_read", "cache_read_audio"),
            cache_write_5m_per_mtok: dearest("cache_write_5m"),
            cache_write_1h_per_mtok: dearest("cache_write_1h"),
            input_audio_per_mtok: dearest("input_audio"),
            output_per_mtok: dearest("output", "reasoning"),
            output_audio_per_mtok: dearest("output_audio"),
            web_search_per_1k: dearest("web_searches"),
          },
  };
}
