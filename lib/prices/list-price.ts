import { billingRule } from "@/lib/prices/billing-rules";
import type { OverlayLayer } from "@/lib/prices/overlay-layer";
import { isTokenClass, type PriceClass } from "@/lib/prices/price-class";
import {
  holds,
  type PriceQuery,
  type PriceRecord,
  SERVICE_TIERS,
  type ServiceTier,
  type UnitPrice,
} from "@/lib/prices/price-record";
import type { PriceSource, SourcedModel } from "@/lib/prices/price-source";
import type { ApplicablePrices } from "@/lib/prices/price-usage";
import { findUplift, type RegionUplift, upliftPrices } from "@/lib/prices/region-uplift";

/** A model with its list prices. */
export interface ListModel {
  provider: string;
  matched: string;
  /** The overlay's, which are tried first, then the catalogue's. */
  records: readonly PriceRecord[];
  uplifts: readonly RegionUplift[];
  /** What was chosen before, by the records that held: merging prices again for each call takes longer than pricing it. */
  chosen: Map<string, ApplicablePrices>;
}

interface ListSources {
  catalogue: PriceSource;
  overlay: OverlayLayer;
  uplifts: readonly RegionUplift[];
}

/** Finds a model's list prices by its normalised provider and name; null where nobody publishes one. */
export function findListModel(
  sources: ListSources,
  provider: string,
  model: string,
): ListModel | null {
  return toListModel(sources, provider, model, sources.catalogue.find(provider, model));
}

/** The same by the name that the catalogue's list has; null where it has none of that name. */
export function getListModel(
  sources: ListSources,
  provider: string,
  model: string,
): ListModel | null {
  const known = sources.catalogue.get(provider, model);
  return known && toListModel(sources, provider, model, known);
}

function toListModel(
  sources: ListSources,
  provider: string,
  model: string,
  known: SourcedModel | null,
): ListModel | null {
  const overlay = sources.overlay.find(provider, model, known?.model ?? null);
  const matched = overlay.model ?? known?.model;
  if (!matched) return null;
  return {
    provider,
    matched,
    records: [...overlay.records, ...(known?.records ?? [])],
    uplifts: sources.uplifts.filter(
      (uplift) => uplift.provider === provider && uplift.models.test(model),
    ),
    chosen: new Map(),
  };
}

/** The list prices that hold for one call. */
export function chooseListPrices(model: ListModel, query: PriceQuery): ApplicablePrices {
  const held = findHeld(model, query);
  // A tier nobody sells is the client's word: it is not kept, so that words cannot fill the memory.
  if (!isServiceTier(query.tier)) return mergeHeld(model, query.tier, held);
  const kept = model.chosen.get(held.key);
  if (kept) return kept;
  const merged = mergeHeld(model, query.tier, held);
  model.chosen.set(held.key, merged);
  return merged;
}

/** The records that hold for a call. */
interface HeldRecords {
  key: string;
  /** The overlay's additions, then the first record that is the whole model. */
  standard: PriceRecord[];
  /** The tier's own record, for a call that was not served in the standard tier. */
  ofTier: PriceRecord | undefined;
  uplift: RegionUplift | undefined;
}

function findHeld(model: ListModel, query: PriceQuery): HeldRecords {
  const standard: PriceRecord[] = [];
  let key = query.tier;
  let index = -1;
  for (const record of model.records) {
    index += 1;
    if (!holds(record, query, "standard")) continue;
    standard.push(record);
    key += `,${index}`;
    if (!record.extends) break;
  }
  const tierIndex =
    query.tier === "standard" ? -1 : model.records.findIndex((record) => holds(record, query));
  const uplift = findUplift(model.uplifts, query.region);
  key += `;${tierIndex};${uplift ? model.uplifts.indexOf(uplift) : ""}`;
  return { key, standard, ofTier: model.records[tierIndex], uplift };
}

function mergeHeld(model: ListModel, tier: string, held: HeldRecords): ApplicablePrices {
  const standard = stack(held.standard);
  const isTierKnown = tier === "standard" || isPriceOf(held.ofTier, standard);
  const prices =
    tier === "standard"
      ? standard.prices
      : tierPrices(standard, isTierKnown ? held.ofTier : undefined);
  const isOverlay =
    standard.isOverlay || (isTierKnown && tier !== "standard") || held.uplift !== undefined;
  return {
    prices: held.uplift ? upliftPrices(prices, held.uplift) : prices,
    billedAs: { ...billingRule(model.provider, standard.prices), ...standard.billedAs },
    alsoBilled: standard.alsoBilled,
    source: isOverlay ? "overlay" : "genai-prices",
    isOverride: false,
    matched: model.matched,
    missingTier: isTierKnown ? null : tier,
  };
}

interface StandardPrices {
  prices: Map<PriceClass, UnitPrice>;
  billedAs: Record<PriceClass, PriceClass>;
  alsoBilled: PriceClass[];
  isLong: boolean;
  isOverlay: boolean;
}

function stack(records: readonly PriceRecord[]): StandardPrices {
  const merged: StandardPrices = {
    prices: new Map(),
    billedAs: {},
    alsoBilled: [],
    isLong: records.some((record) => record.context !== null),
    isOverlay: records.some((record) => record.layer === "overlay"),
  };
  for (const record of [...records].reverse()) {
    for (const [name, price] of record.prices) merged.prices.set(name, price);
    Object.assign(merged.billedAs, record.billedAs);
    merged.alsoBilled.push(...record.alsoBilled);
  }
  return merged;
}

/** A tier's price for short calls says nothing about a long one where long ones cost more in the standard tier. */
function isPriceOf(
  ofTier: PriceRecord | undefined,
  standard: StandardPrices,
): ofTier is PriceRecord {
  return ofTier !== undefined && (!standard.isLong || ofTier.context !== null);
}

/**
 * Prices of another tier: its own for tokens, the standard ones for tools, which no tier discounts. A tier without a
 * published price has none: half of the standard price would be a guess (GPT-5 mini priority is 1.8 times, GPT-4.1's 1.75).
 */
function tierPrices(
  standard: StandardPrices,
  ofTier: PriceRecord | undefined,
): Map<PriceClass, UnitPrice> {
  const tools = [...standard.prices].filter(([name]) => !isTokenClass(name));
  return new Map([...tools, ...(ofTier?.prices ?? [])]);
}

function isServiceTier(tier: string): tier is ServiceTier {
  return (SERVICE_TIERS as readonly string[]).includes(tier);
}
