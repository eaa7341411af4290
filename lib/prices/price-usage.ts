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
  const paid = paidUnits(splitUsage(usage, prices), applicable);
  if (paid.isTimeMissing) priced.missing.push("gpu_seconds");
  for (const used of paid.units) {
    const price = prices.get(used.class) ?? prices.get(billedAs[used.class] ?? "");
    if (price === undefined) {
      priced.missing.push(used.class);
      continue;
    }
    const line = toLine(used, price);
    priced.lines.push(line.line);
    priced.knownFemtoUsd += line.femtoUsd;
  }
  priced.missing.push(...applicable.alsoBilled.filter((name) => !prices.has(name)));
  return priced;
}

/**
 * An operator's price for a self-hosted model is one of two. Where it is the GPU-hour, its tokens are paid with the time
 * (and time that was not reported is missing); where it is the token, the time is only information.
 */
function paidUnits(units: BillableUnits[], applicable: ApplicablePrices) {
  const isByGpu = applicable.prices.has("gpu_seconds");
  const isByToken = [...applicable.prices.keys()].some(isTokenClass);
  if (!applicable.isOverride || isByGpu === isByToken) return { units, isTimeMissing: false };
  if (!isByGpu)
    return {
      units: units.filter(({ class: name }) => name !== "gpu_seconds"),
      isTimeMissing: false,
    };
  const rest = units.filter(({ class: name }) => !isTokenClass(name));
  const hasTime = rest.some(({ class: name }) => name === "gpu_seconds");
  return { units: rest, isTimeMissing: rest.length < units.length && !hasTime };
}

function toLine(used: BillableUnits, price: UnitPrice): { line: PriceLine; femtoUsd: FemtoUsd } {
  const unitCount = unitCountOf(used.class);
  const isGpu = used.class === "gpu_seconds";
  // Prices have at most 9 decimals, so only GPU-hours and hours of audio leave a remainder: rounded once, half-even.
  const divisor = BigInt(unitCount) * (isGpu ? 10n ** BigInt(GPU_FRACTION_DIGITS) : 1n);
  const femtoUsd = divideHalfEven(used.units * price.femtoUsd, divisor);
  return {
    line: {
      class: used.class,
      units: isGpu ? formatDecimal(used.units, GPU_FRACTION_DIGITS) : used.units.toString(),
      usd_per_unit: price.usd,
      unit_count: unitCount,
      usd: formatUsd(femtoUsd),
    },
    femtoUsd,
  };
}
