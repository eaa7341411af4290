import type { OverlayEntry } from "@/lib/prices/overlay-entry";
import { toOverlayRecord } from "@/lib/prices/overlay-entry";
import type { PriceRecord } from "@/lib/prices/price-record";
import type { PriceSource } from "@/lib/prices/price-source";
import { listProviderNames } from "@/lib/prices/provider-name";
import type { RegionUplift } from "@/lib/prices/region-uplift";

/** One list price. Prices are decimal strings of US dollars for `unitCountOf(class)` units; a class that is absent has none. */
export interface CatalogueRow {
  provider: string;
  model: string;
  name: string;
  tier: string;
  region: string | null;
  context_over: number | null;
  context_inclusive: boolean;
  /** Minutes after midnight UTC, half-open. */
  hours_utc: { from: number; to: number } | null;
  effective_from: string | null;
  effective_to: string | null;
  prices: Record<string, string>;
  /** A surcharge on every token price ("1.1"), in `region`. */
  multiplier: string | null;
  source: string;
  layer: string;
  checked_on: string;
}

/** Every list price we know: the catalogue's, then our corrections and additions to it, then surcharges of places. */
export function listCatalogueRows(
  catalogue: PriceSource,
  entries: readonly OverlayEntry[],
  uplifts: readonly RegionUplift[],
): CatalogueRow[] {
  const published = listProviderNames().flatMap((provider) =>
    catalogue
      .list(provider)
      .flatMap((model) => model.records.map((record) => toRow(provider, model.name, record))),
  );
  const corrected = entries.flatMap((entry) =>
    entry.providers.map((provider) => {
      const name = Object.values(entry.match)[0] ?? "";
      return toRow(provider, name, toOverlayRecord(entry, name));
    }),
  );
  return [...published, ...corrected, ...uplifts.map(toUpliftRow)];
}

function toRow(provider: string, name: string, record: PriceRecord): CatalogueRow {
  return {
    provider,
    model: record.model,
    name,
    tier: record.tier ?? "standard",
    region: record.region,
    context_over: record.context?.over ?? null,
    context_inclusive: record.context?.isInclusive ?? false,
    hours_utc: record.hoursUtc,
    effective_from: toTime(record.effectiveFromMs),
    effective_to: toTime(record.effectiveToMs),
    prices: Object.fromEntries(
      [...record.prices].map(([priceClass, price]) => [priceClass, price.usd]),
    ),
    multiplier: null,
    source: record.source,
    layer: record.layer,
    checked_on: record.checkedOn,
  };
}

function toUpliftRow(uplift: RegionUplift): CatalogueRow {
  return {
    provider: uplift.provider,
    model: uplift.label,
    name: uplift.label,
    tier: "standard",
    region: uplift.regionLabel,
    context_over: null,
    context_inclusive: false,
    hours_utc: null,
    effective_from: null,
    effective_to: null,
    prices: {},
    multiplier: `${Number(uplift.numerator) / Number(uplift.denominator)}`,
    source: uplift.source,
    layer: "overlay",
    checked_on: uplift.checkedOn,
  };
}

function toTime(timeMs: number): string | null {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : null;
}
