import type { FemtoUsd } from "@/lib/money";
import { splitUsage } from "@/lib/prices/billable-units";
import type { DearestPrices } from "@/lib/prices/dearest-prices";
import { type PriceClass, unitCountOf } from "@/lib/prices/price-class";
import type { Wish } from "@/lib/reservations/check-reservation";
import { INPUT_PARTS, type Usage } from "@/lib/usage/usage";

const INPUT_CLASSES = [
  "input",
  "cache_read",
  "cache_read_audio",
  "cache_write_5m",
  "cache_write_1h",
  "input_audio",
] as const;
const OUTPUT_CLASSES = ["output", "reasoning", "output_audio", "output_image_tokens"] as const;
/** A bill has a line a class, and a line whose price does not divide is rounded by up to half of 1e-15. */
const ROUNDING: FemtoUsd = 16n;

/** What a wish may use at most. A cap that is not known is null. */
export type WishLimits = Pick<Wish, "usage" | "maxOutputTokens" | "maxWebSearches">;

/**
 * The most that a call within these limits can cost.
 * @param wish with an input estimate and an output cap
 * @returns femto-dollars; null where something it uses has no price.
 */
export function worstCaseOf(wish: WishLimits, prices: DearestPrices): FemtoUsd | null {
  if (prices.isPartial) return null;
  const usage = wish.usage ?? {};
  const bill = new Bill(prices.byClass);
  // Where a machine is paid by the hour, its tokens cost nothing more.
  const isByTime = prices.byClass.has("gpu_seconds") && !prices.byClass.has("input");
  if (isByTime) {
    if (usage.gpu_seconds === undefined) return null;
  } else {
    addInput(bill, usage);
    if (wish.maxOutputTokens) {
      bill.addDearest(OUTPUT_CLASSES, "output", BigInt(wish.maxOutputTokens));
    }
  }
  const searches = Math.max(wish.maxWebSearches ?? 0, usage.web_searches ?? 0);
  if (searches > 0) bill.add("web_searches", BigInt(searches));
  for (const used of splitUsage(othersOf(usage), new Map())) {
    // Time is only information where tokens are what is paid.
    if (used.class === "gpu_seconds" && !prices.byClass.has("gpu_seconds")) continue;
    bill.add(used.class, used.units);
  }
  return bill.total();
}

/** Named parts are priced as they are; an input without any is all of its dearest class. */
function addInput(bill: Bill, usage: Usage): void {
  if (!usage.input_tokens) return;
  if (!INPUT_PARTS.some((part) => usage[part] !== undefined)) {
    bill.addDearest(INPUT_CLASSES, "input", BigInt(usage.input_tokens));
    return;
  }
  const { output_tokens, reasoning_tokens, output_audio_tokens, ...input } = usage;
  const { web_searches, gpu_seconds, units, ...parts } = input;
  for (const used of splitUsage(parts, new Map())) bill.add(used.class, used.units);
}

/** GPU time and units; images among the output are under its cap. */
function othersOf(usage: Usage): Usage {
  const { output_image_tokens, ...units } = usage.units ?? {};
  return { ...(usage.gpu_seconds === undefined ? {} : { gpu_seconds: usage.gpu_seconds }), units };
}

const GPU_MICROSECONDS = 1_000_000n;

class Bill {
  readonly #prices: DearestPrices["byClass"];
  #femtoUsd: FemtoUsd = 0n;
  #isUnknown = false;

  constructor(prices: DearestPrices["byClass"]) {
    this.#prices = prices;
  }

  add(name: PriceClass, units: bigint): void {
    const price = this.#prices.get(name);
    if (price === undefined) this.#isUnknown = true;
    else this.#charge(name, units, price, 0n);
  }

  /** @param must the class that the tokens are of where nobody says more: without its price the cost is unknown. */
  addDearest(names: readonly PriceClass[], must: PriceClass, units: bigint): void {
    if (!this.#prices.has(must)) this.#isUnknown = true;
    let dearest: FemtoUsd = 0n;
    for (const name of names) {
      const price = this.#prices.get(name);
      if (price !== undefined && price > dearest) dearest = price;
    }
    this.#charge(must, units, dearest, ROUNDING);
  }

  total(): FemtoUsd | null {
    return this.#isUnknown ? null : this.#femtoUsd;
  }

  /** Upwards: a hold must never be less than the bill. @param rounding for tokens that the bill may split over lines */
  #charge(name: PriceClass, units: bigint, price: FemtoUsd, rounding: FemtoUsd): void {
    const unitCount = BigInt(unitCountOf(name));
    const divisor = name === "gpu_seconds" ? unitCount * GPU_MICROSECONDS : unitCount;
    const isWhole = price % divisor === 0n;
    this.#femtoUsd += isWhole
      ? units * (price / divisor)
      : (units * price + divisor - 1n) / divisor + rounding;
  }
}
