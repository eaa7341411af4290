import { billingRule } from "@/lib/prices/billing-rules";
import type { OverlayLayer } from "@/lib/prices/overlay-layer";
import { isTokenClass, type PriceClass } from "@/lib/prices/price-class";
import {
  holds,
  type PriceQuery,
  type PriceRecord,
  type UnitPrice,
} from "@/lib/prices/price-record";
import type { PriceSource } from "@/lib/prices/price-source";
import type { ApplicablePrices } from "@/lib/prices/price-usage";
import { findUplift, type RegionUplift, upliftPrices } from "@/lib/prices/region-uplift";

/** A model with its list prices: the overlay's records on top of the catalogue's. */
export interface ListModel {
  provider: string;
  matched: string;
  overlay: readonly PriceRecord[];
  catalogue: readonly PriceRecord[];
  uplifts: readonly RegionUplift[];
}

/** Finds a model's list prices by its normalised provider and name; null where nobody publishes one. */
export function findListModel(
  sources: { catalogue: PriceSource; overlay: OverlayLayer; uplifts: readonly RegionUplift[] },
  provider: string,
  model: string,
): ListModel | null {
  const known = sources.catalogue.find(provider, model);
  const overlay = sources.overlay.find(provider, model, known?.model ?? null);
  const matched = overlay.model ?? known?.model;
  if (!matched) return null;
  const uplifts = sources.uplifts.filter(
    (uplift) => uplift.provider === provider && uplift.models.test(model),
  );
  return { provider, matched, overlay: overlay.records, catalogue: known?.records ?? [], uplifts };
}

/** The list prices that hold for one call. */
export function chooseListPrices(model: ListModel, query: PriceQuery): ApplicablePrices {
  const standard = stack(model, { ...query, tier: "standard" });
  const chosen = query.tier === "standard" ? standard : ofTier(model, query, standard);
  const uplift = findUplift(model.uplifts, query.region);
  return {
    prices: uplift ? upliftPrices(chosen.prices, uplift) : chosen.prices,
    billedAs: { ...billingRule(model.provider, standard.prices), ...chosen.billedAs },
    alsoBilled: standard.alsoBilled,
    source: chosen.isOverlay || uplift ? "overlay" : "genai-prices",
    isOverride: false,
    matched: model.matched,
    missingTier: chosen.missingTier,
  };
}

interface ChosenPrices {
  prices: Map<PriceClass, UnitPrice>;
  billedAs: Record<PriceClass, PriceClass>;
  alsoBilled: readonly PriceClass[];
  /** The context threshold that was passed, if any. */
  context: PriceRecord["context"];
  isOverlay: boolean;
  missingTier: string | null;
}

/** Standard prices: the overlay's additions over the first record that replaces or is the whole model. */
function stack(model: ListModel, query: PriceQuery): ChosenPrices {
  const layers: PriceRecord[] = [];
  for (const record of [...model.overlay, ...model.catalogue]) {
    if (!holds(record, query)) continue;
    layers.push(record);
    if (!record.extends) break;
  }
  const merged: ChosenPrices = {
    prices: new Map(),
    billedAs: {},
    alsoBilled: [],
    context: null,
    isOverlay: false,
    missingTier: null,
  };
  for (const record of layers.reverse()) {
    for (const [name, price] of record.prices) merged.prices.set(name, price);
    Object.assign(merged.billedAs, record.billedAs);
    merged.alsoBilled = [...merged.alsoBilled, ...record.alsoBilled];
    merged.context ??= record.context;
    merged.isOverlay ||= record.layer === "overlay";
  }
  return merged;
}

/**
 * Prices of another tier: its own for tokens, the standard ones for tools, which no tier discounts. A tier without a
 * published price has none: half of the standard price would be a guess (GPT-5 mini priority is 1.8 times, GPT-4.1's 1.75).
 */
function ofTier(model: ListModel, query: PriceQuery, standard: ChosenPrices): ChosenPrices {
  const record = model.overlay.find((entry) => holds(entry, query));
  const prices = new Map([...standard.prices].filter(([name]) => !isTokenClass(name)));
  // A tier's price for short calls says nothing about a long one, which costs more in the standard tier.
  const isKnown = record !== undefined && (standard.context === null || record.context !== null);
  if (isKnown) for (const [name, price] of record.prices) prices.set(name, price);
  return {
    ...standard,
    prices,
    isOverlay: isKnown || standard.isOverlay,
    missingTier: isKnown ? null : query.tier,
  };
}
