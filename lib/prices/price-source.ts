import type { PriceRecord } from "@/lib/prices/price-record";

/** A model a source knows. Records are in the order they are tried: the first that holds for a call is its price. */
export interface SourcedModel {
  /** The source's own name of the model. */
  model: string;
  name: string;
  records: readonly PriceRecord[];
}

/** Anything that publishes list prices: the bundled catalogue today, an imported file tomorrow. */
export interface PriceSource {
  /** Name and version, part of the price version kept with each call. */
  readonly version: string;
  /** Finds a model by its provider and name, both normalised. Never asked without a provider. */
  find(provider: string, model: string): SourcedModel | null;
  /** The model that a provider's list has under this name, in any case: not every name of a list is one that calls use. */
  get(provider: string, model: string): SourcedModel | null;
  /** Every model of a provider. */
  list(provider: string): readonly SourcedModel[];
}
