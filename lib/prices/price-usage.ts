import { divideHalfEven, type FemtoUsd, formatDecimal, formatUsd } from "@/lib/money";
import { type BillableUnits, GPU_FRACTION_DIGITS, splitUsage } from "@/lib/prices/billable-units";
import type { PriceLine } from "@/lib/prices/price";
import { isTokenClass, type PriceClass, unitCountOf } from "@/lib/prices/price-class";
import type { PriceRecord, UnitPrice, UnitPrices } from "@/lib/prices/price-record";
import type { Usage } from "@/lib/usage/usage";

/** The prices that hold for one call. */
export interface ApplicablePrices {
  prices: UnitPrices;
  billedAs: PriceRecord["billedAs"];
  alsoBilled: readonly PriceClass[];
  source: string;
  isOverride: boolean;
  matched: string;
  /** The call's tier, where the model has no published price for it. */
  missingTier: string | null;
}

/** What a usage costs: `knownFemtoUsd` is the exact sum of `lines`; `missing` are the used classes without a price. */
export interface PricedUsage {
  lines: PriceLine[];
  knownFemtoUsd: FemtoUsd;
  missing: PriceClass[];
}

/**
 * Multiplies each used class by its price. A class without a price is named, never billed as its parent: audio is not
 * text and a 1-hour write is not a 5-minute one.
 */
export function priceUsage(usage: Usage, applicable: ApplicablePrices): PricedUsage {
  const { prices, billedAs } = applicable;
  const priced: PricedUsage = { lines: [], knownFemtoUsd: 0n, missing: [] };
  const split = splitUsage(usage, prices);
  const units = applicable.isOverride ? paidUnits(split, applicable.prices, priced.missing) : split;
  for (const used of units) {
    const price = prices.get(used.class) ?? prices.get(billedAs[used.class] ?? "");
    if (price === undefined) {
      priced.missing.push(used.class);
      continue;
    }
    const femtoUsd = multiply(used, price);
    priced.lines.push(toLine(used, price, femtoUsd));
    priced.knownFemtoUsd += femtoUsd;
  }
  for (const name of applicable.alsoBilled) {
    if (!prices.has(name)) priced.missing.push(name);
  }
  return priced;
}

/**
 * An operator's price for a self-hosted model is one of two. Where it is the GPU-hour, its tokens are paid with the time
 * (and time that was not reported is missing); where it is the token, the time is only information.
 */
function paidUnits(
  units: BillableUnits[],
  prices: UnitPrices,
  missing: PriceClass[],
): BillableUnits[] {
  const isByGpu = prices.has("gpu_seconds");
  const isByToken = [...prices.keys()].some(isTokenClass);
  if (isByGpu === isByToken) return units;
  if (!isByGpu) return units.filter(({ class: name }) => name !== "gpu_seconds");
  const rest = units.filter(({ class: name }) => !isTokenClass(name));
  const hasTime = rest.some(({ class: name }) => name === "gpu_seconds");
  if (rest.length < units.length && !hasTime) missing.push("gpu_seconds");
  return rest;
}

/** Microseconds in a second, by which GPU time is counted. */
const GPU_FRACTION = 10n ** BigInt(GPU_FRACTION_DIGITS);

/** Exact, but for GPU-hours and hours of audio, which leave a remainder: rounded once at 1e-15, half to even. */
function multiply(used: BillableUnits, price: UnitPrice): FemtoUsd {
  if (price.femtoUsdPerUnit !== null) return used.units * price.femtoUsdPerUnit;
  const unitCount = BigInt(unitCountOf(used.class));
  const divisor = used.class === "gpu_seconds" ? unitCount * GPU_FRACTION : unitCount;
  return divideHalfEven(used.units * price.femtoUsd, divisor);
}

function toLine(used: BillableUnits, price: UnitPrice, femtoUsd: FemtoUsd): PriceLine {
  const isGpu = used.class === "gpu_seconds";
  return {
    class: used.class,
    units: isGpu ? formatDecimal(used.units, GPU_FRACTION_DIGITS) : used.units.toString(),
    usd_per_unit: price.usd,
    unit_count: unitCountOf(used.class),
    usd: formatUsd(femtoUsd),
  };
}
