import type { PriceClass } from "@/lib/prices/price-class";
import {
  type ContextThreshold,
  type HoursUtc,
  type PriceRecord,
  parseUnitPrice,
  type ServiceTier,
  type UnitPrice,
} from "@/lib/prices/price-record";

/** A published price that the catalogue lacks or has wrong. Prices are decimal strings for `unitCountOf(class)` units. */
export interface OverlayEntry {
  providers: readonly string[];
  /** The catalogue's own name covers all its aliases; `exact` and `prefix` are normalised names. */
  match: { catalogue: string } | { exact: string } | { prefix: string };
  tier?: ServiceTier;
  context?: ContextThreshold;
  hoursUtc?: HoursUtc;
  /** RFC 3339 */
  from?: string;
  to?: string;
  prices: Readonly<Record<PriceClass, string>>;
  billedAs?: Readonly<Record<PriceClass, PriceClass>>;
  /** Adds to the catalogue's price instead of replacing the model. */
  extends?: boolean;
  source: string;
  /** The day the source was read. */
  checkedOn: string;
}

/**
 * An entry as a price record.
 * @throws RangeError for a price that is no plain decimal; the overlay is read once at start, so a slip shows there.
 */
export function toOverlayRecord(entry: OverlayEntry, model: string): PriceRecord {
  const prices = new Map<PriceClass, UnitPrice>();
  for (const [name, usd] of Object.entries(entry.prices)) {
    const price = parseUnitPrice(name, usd);
    if (!price) throw new RangeError(`overlay price of ${model}: ${name} ${usd}`);
    prices.set(name, price);
  }
  return {
    model,
    tier: entry.tier ?? "standard",
    region: null,
    context: entry.context ?? null,
    hoursUtc: entry.hoursUtc ?? null,
    effectiveFromMs: entry.from ? Date.parse(entry.from) : Number.NEGATIVE_INFINITY,
    effectiveToMs: entry.to ? Date.parse(entry.to) : Number.POSITIVE_INFINITY,
    prices,
    billedAs: entry.billedAs ?? {},
    alsoBilled: [],
    extends: entry.extends ?? false,
    layer: "overlay",
    source: entry.source,
    checkedOn: entry.checkedOn,
  };
}
