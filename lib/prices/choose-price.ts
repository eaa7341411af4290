import { chooseListPrices, type ListModel } from "@/lib/prices/list-price";
import type { OverrideRecord } from "@/lib/prices/override-layer";
import { holds, type PriceQuery } from "@/lib/prices/price-record";
import type { ApplicablePrices } from "@/lib/prices/price-usage";

/** Everything that could price a provider's model in a project, found once and kept. */
export interface MatchedModel {
  /** In the order they are tried: the project's own, then those of all projects. */
  overrides: readonly (readonly OverrideRecord[])[];
  list: ListModel | null;
  /** Finds the list prices of the model an override maps to. */
  findMapped: (mapsTo: string) => ListModel | null;
}

/** What a call is billed by, and what it would be billed by without the operator's prices. */
export interface ChosenPrices {
  paid: ApplicablePrices | null;
  /** null: nobody publishes a price for the model. */
  list: ApplicablePrices | null;
}

/** Finds the prices that hold for a call: the operator's before the published ones. */
export function choosePrices(model: MatchedModel, query: PriceQuery): ChosenPrices {
  for (const records of model.overrides) {
    const found = records.find(({ record }) => holds(record, query));
    if (found) return applyOverride(found, model, query);
  }
  const list = model.list && chooseListPrices(model.list, query);
  return { paid: list, list };
}

function applyOverride(
  found: OverrideRecord,
  model: MatchedModel,
  query: PriceQuery,
): ChosenPrices {
  const own: ApplicablePrices = {
    prices: found.record.prices,
    billedAs: {},
    alsoBilled: [],
    source: found.record.layer,
    isOverride: true,
    matched: found.record.model,
    missingTier: null,
  };
  // A price of one's own replaces the whole model: what it does not name has no price, and is said to be missing.
  if (found.mapsTo === null) {
    return { paid: own, list: model.list && chooseListPrices(model.list, query) };
  }
  const mapped = model.findMapped(found.mapsTo);
  if (!mapped) return { paid: own.prices.size ? own : null, list: null };
  const list = chooseListPrices(mapped, query);
  const prices = new Map([...list.prices, ...own.prices]);
  return { paid: { ...list, prices, source: own.source }, list };
}
