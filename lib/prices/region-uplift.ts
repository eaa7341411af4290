import { divideHalfEven } from "@/lib/money";
import { isTokenClass, type PriceClass } from "@/lib/prices/price-class";
import { type UnitPrice, type UnitPrices, unitPrice } from "@/lib/prices/price-record";

/** A published surcharge on every token price of some models in some places, as an exact fraction. */
export interface RegionUplift {
  provider: string;
  /** Normalised names of models. */
  models: RegExp;
  /** What people read for `models` and `regions`. */
  label: string;
  regionLabel: string;
  /** Places by name, in lower case. */
  regions: RegExp;
  numerator: bigint;
  denominator: bigint;
  source: string;
  checkedOn: string;
}

/** Finds the surcharge of a place; undefined where there is none. */
export function findUplift(
  uplifts: readonly RegionUplift[],
  region: string | null,
): RegionUplift | undefined {
  return region === null ? undefined : uplifts.find((uplift) => uplift.regions.test(region));
}

/** Token prices with a surcharge; tools cost the same everywhere. */
export function upliftPrices(prices: UnitPrices, uplift: RegionUplift): Map<PriceClass, UnitPrice> {
  return new Map(
    [...prices].map(([name, price]) => [
      name,
      isTokenClass(name) ? upliftPrice(name, price, uplift) : price,
    ]),
  );
}

function upliftPrice(name: PriceClass, price: UnitPrice, uplift: RegionUplift): UnitPrice {
  // A price per million has far fewer than 15 decimals, so a tenth of it is exact.
  return unitPrice(name, divideHalfEven(price.femtoUsd * uplift.numerator, uplift.denominator));
}
