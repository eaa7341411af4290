import type { PriceRow } from "@/db/queries/prices";
import { formatDecimal, parseDecimal } from "@/lib/money";
import { PRICE_FRACTION_DIGITS, type PriceOverride } from "@/lib/prices/price-override";
import { SERVICE_TIERS } from "@/lib/prices/price-record";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";

/** A stored override as the price book reads it: its project by id, as calls carry it. */
export function toPriceOverride(row: PriceRow): PriceOverride {
  const { created_by, created_at, ...override } = toPriceAnswer(row);
  return { ...override, project: row.price.projectId };
}

/** A stored override as it is answered: its project by slug, its prices without trailing zeros. */
export function toPriceAnswer({ price, projectSlug, createdBy }: PriceRow): PriceOverrideAnswer {
  return {
    id: price.id,
    project: projectSlug,
    provider: price.provider,
    model: price.model,
    maps_to: price.mapsTo,
    tier: SERVICE_TIERS.find((tier) => tier === price.tier) ?? null,
    region: price.region,
    context_over: price.contextOver,
    effective_from: price.effectiveFrom.toISOString(),
    effective_to: price.effectiveTo?.toISOString() ?? null,
    input_per_mtok: shortest(price.inputPerMtok),
    cache_read_per_mtok: shortest(price.cacheReadPerMtok),
    cache_write_5m_per_mtok: shortest(price.cacheWrite5mPerMtok),
    cache_write_1h_per_mtok: shortest(price.cacheWrite1hPerMtok),
    output_per_mtok: shortest(price.outputPerMtok),
    input_audio_per_mtok: shortest(price.inputAudioPerMtok),
    output_audio_per_mtok: shortest(price.outputAudioPerMtok),
    web_search_per_1k: shortest(price.webSearchPer1k),
    usd_per_gpu_hour: shortest(price.usdPerGpuHour),
    note: price.note,
    created_by: createdBy,
    created_at: price.createdAt.toISOString(),
  };
}

/** PostgreSQL writes all nine decimals. */
function shortest(text: string | null): string | null {
  if (text === null) return null;
  const value = parseDecimal(text, PRICE_FRACTION_DIGITS);
  if (value === null) throw new Error(`a stored price is no decimal: ${text}`);
  return formatDecimal(value, PRICE_FRACTION_DIGITS);
}
