import type { FieldError } from "@/lib/errors";
import type { PriceClass } from "@/lib/prices/price-class";
import {
  type PriceRecord,
  parseUnitPrice,
  SERVICE_TIERS,
  type ServiceTier,
  type UnitPrice,
} from "@/lib/prices/price-record";

/** Prices have up to 9 decimals: tokens x price per million is then a whole number of 1e-15 USD. */
export const PRICE_FRACTION_DIGITS = 9;

/** The prices an operator may set, as decimal strings of US dollars, and the class each is for. */
export const OVERRIDE_PRICES = {
  input_per_mtok: "input",
  cache_read_per_mtok: "cache_read",
  cache_write_5m_per_mtok: "cache_write_5m",
  cache_write_1h_per_mtok: "cache_write_1h",
  output_per_mtok: "output",
  input_audio_per_mtok: "input_audio",
  output_audio_per_mtok: "output_audio",
  web_search_per_1k: "web_searches",
  usd_per_gpu_hour: "gpu_seconds",
} as const satisfies Record<string, PriceClass>;

export type OverridePriceField = keyof typeof OVERRIDE_PRICES;

/** A price of the operator's own: the override of `GET POST /api/prices`. Absent and null mean the same. */
export interface PriceOverride
  extends Partial<Record<OverridePriceField, string | null | undefined>> {
  id: string;
  /** The project it holds in, as `PriceableCall.projectId` carries it; null: all of them. */
  project?: string | null | undefined;
  provider: string;
  /** As calls name it; a trailing `*` makes it a prefix. */
  model: string;
  /** A catalogue model whose list price holds ("gpt-4o", or "openai/gpt-4o" of another provider). */
  maps_to?: string | null | undefined;
  /** Absent: every tier. */
  tier?: ServiceTier | null | undefined;
  /** Absent: every place. */
  region?: string | null | undefined;
  /** Only for calls with more input tokens than this. */
  context_over?: number | null | undefined;
  /** RFC 3339; the interval is half-open. Absent: from ever, for ever. */
  effective_from?: string | null | undefined;
  effective_to?: string | null | undefined;
  note?: string | null | undefined;
}

/**
 * No list price comes near this; one that does is a slip of the decimal point, or a price per token typed as one per million.
 */
const MAX_USD = 1_000_000n * 10n ** 15n;

/**
 * Checks an override's own fields; whether it overlaps others is for the store.
 * @returns every fault with its path; empty where it can be used.
 */
export function checkPriceOverride(override: PriceOverride): FieldError[] {
  const errors: FieldError[] = [];
  const fault = (path: string, message: string) => errors.push({ path, message });
  const fields = setFields(override);
  if (!override.provider.trim()) fault("provider", "must not be empty");
  if (!override.model.trim()) fault("model", "must not be empty");
  if (!fields.length && !override.maps_to) fault("", "set a price or maps_to");
  for (const field of fields) {
    const price = readPrice(override, field);
    if (!price)
      fault(field, "must be a plain decimal that is not negative, with at most 15 decimals");
    else if (price.femtoUsd > MAX_USD) fault(field, "is absurdly high");
  }
  if (override.tier && !SERVICE_TIERS.includes(override.tier))
    fault("tier", `must be one of ${SERVICE_TIERS.join(", ")}`);
  if (
    override.context_over &&
    !(Number.isSafeInteger(override.context_over) && override.context_over > 0)
  ) {
    fault("context_over", "must be a positive integer");
  }
  const from = readTime(override.effective_from, Number.NEGATIVE_INFINITY);
  const to = readTime(override.effective_to, Number.POSITIVE_INFINITY);
  if (Number.isNaN(from)) fault("effective_from", "must be an RFC 3339 time");
  if (Number.isNaN(to)) fault("effective_to", "must be an RFC 3339 time");
  if (from >= to) fault("effective_to", "must be after effective_from");
  return errors;
}

/**
 * An override as a price record.
 * @throws RangeError for one that `checkPriceOverride` refuses: pricing on by leaving it out would bill the list price.
 */
export function toOverrideRecord(override: PriceOverride): PriceRecord {
  const errors = checkPriceOverride(override);
  if (errors[0])
    throw new RangeError(`price override ${override.id}: ${errors[0].path} ${errors[0].message}`);
  const prices = new Map<PriceClass, UnitPrice>();
  for (const field of setFields(override)) {
    const price = readPrice(override, field);
    if (price) prices.set(OVERRIDE_PRICES[field], price);
  }
  return {
    model: override.maps_to ?? override.model,
    tier: override.tier ?? null,
    region: override.region?.trim().toLowerCase() || null,
    context: override.context_over ? { over: override.context_over, isInclusive: false } : null,
    hoursUtc: null,
    effectiveFromMs: readTime(override.effective_from, Number.NEGATIVE_INFINITY),
    effectiveToMs: readTime(override.effective_to, Number.POSITIVE_INFINITY),
    prices,
    billedAs: {},
    alsoBilled: [],
    // The mapped model's price is what is below; prices of its own go on top of it.
    extends: Boolean(override.maps_to),
    layer: `override:${override.id}`,
    source: override.note ?? "operator",
    checkedOn: (override.effective_from ?? "").slice(0, 10),
  };
}

function setFields(override: PriceOverride): OverridePriceField[] {
  const fields = Object.keys(OVERRIDE_PRICES) as OverridePriceField[];
  return fields.filter((field) => override[field] !== undefined && override[field] !== null);
}

function readPrice(override: PriceOverride, field: OverridePriceField): UnitPrice | null {
  return parseUnitPrice(OVERRIDE_PRICES[field], override[field] ?? "");
}

function readTime(time: string | null | undefined, absent: number): number {
  return time ? Date.parse(time) : absent;
}
