import { OutlayError } from "@/lib/errors";
import { findMappedName } from "@/lib/prices/price-book";
import { checkPriceOverride, type PriceOverride } from "@/lib/prices/price-override";
import type { CreatePriceInput } from "@/lib/prices/price-schemas";
import { normaliseProviderName } from "@/lib/prices/provider-name";

/** A price that somebody asks for, checked; its names are written as the price book compares them. */
export interface NewPrice extends PriceOverride {
  region: string | null;
  effective_from: string;
}

/**
 * Checks a price that somebody asks for. Two spellings of one name become one, so that they cannot overlap unseen.
 * @returns it as the price book takes it
 * @throws OutlayError `unprocessable` with each fault; also for a `maps_to` that names no model of the catalogue, since
 * its calls would go on having no price
 */
export function readNewPrice(input: CreatePriceInput, projectId: string | null): NewPrice {
  const effective_from = input.effective_from ?? new Date().toISOString();
  const price: NewPrice = {
    ...input,
    id: "new",
    project: projectId,
    provider: normaliseProviderName(input.provider),
    region: input.region?.toLowerCase() ?? null,
    effective_from,
  };
  const errors = checkPriceOverride(price);
  const { provider, model, maps_to: mapsTo } = input;
  if (mapsTo && findMappedName(provider, model, mapsTo) === null) {
    const message = `names no model of the catalogue: ${mapsTo}`;
    errors.push({ path: "maps_to", message });
  }
  if (errors.length > 0) {
    const named = errors.map(({ path, message }) => `${path} ${message}`.trim()).join("; ");
    throw new OutlayError("unprocessable", `This price cannot be used: ${named}.`, { errors });
  }
  return price;
}
