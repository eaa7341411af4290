import { calcPrice, findProvider, type ModelInfo, type ModelPrice } from "@pydantic/genai-prices";
import type { PriceClass } from "@/lib/prices/price-class";
import {
  type HoursUtc,
  type PriceRecord,
  type UnitPrice,
  unitPrice,
} from "@/lib/prices/price-record";
import type { PriceSource, SourcedModel } from "@/lib/prices/price-source";

/** The pinned version; a test compares it with package.json. */
export const GENAI_PRICES_VERSION = "0.1.8";
const PINNED_ON = "2026-11-21";

/** The catalogue sells both of Google's clouds as one provider. */
const CATALOGUE_ID: Readonly<Record<string, string>> = { vertex: "google" };

const CLASS_BY_KEY: Readonly<Record<string, PriceClass>> = {
  input_mtok: "input",
  cache_read_mtok: "cache_read",
  cache_audio_read_mtok: "cache_read_audio",
  cache_write_mtok: "cache_write_5m",
  cache_write_1h_mtok: "cache_write_1h",
  input_audio_mtok: "input_audio",
  output_mtok: "output",
  output_audio_mtok: "output_audio",
  output_image_mtok: "output_image_tokens",
  output_reasoning_mtok: "reasoning",
  output_citation_mtok: "citation_tokens",
  web_searches_kcount: "web_searches",
  audio_hours: "seconds",
};

/**
 * `@pydantic/genai-prices` as a source of list prices. Of the package we use the matching and the price object;
 * its totals are floats, turn a missing price into 0 and a missing class into its parent's price.
 */
export const genaiCatalogue: PriceSource = {
  version: `genai-prices@${GENAI_PRICES_VERSION}`,
  find(provider, model) {
    const found = calcPrice({}, model, { providerId: CATALOGUE_ID[provider] ?? provider });
    if (!found) return null;
    // A paid model that swallowed the name of a free variant would charge for what costs nothing.
    if (isFreeName(model) && !isFreeName(found.model.id)) return null;
    return readModel(provider, found.model, found.provider.pricing_urls?.[0] ?? "");
  },
  get(provider, model) {
    const found = findProvider({ providerId: CATALOGUE_ID[provider] ?? provider });
    const info = found?.models.find(({ id }) => id.toLowerCase() === model.toLowerCase());
    return info ? readModel(provider, info, found?.pricing_urls?.[0] ?? "") : null;
  },
  list(provider) {
    const found = findProvider({ providerId: CATALOGUE_ID[provider] ?? provider });
    return (found?.models ?? []).map((model) =>
      readModel(provider, model, found?.pricing_urls?.[0] ?? ""),
    );
  },
};

function readModel(provider: string, info: ModelInfo, url: string): SourcedModel {
  const conditional = Array.isArray(info.prices) ? info.prices : [{ prices: info.prices }];
  const records: PriceRecord[] = [];
  let effectiveToMs = Number.POSITIVE_INFINITY;
  // The catalogue's last entry that holds wins; ours are tried first to last.
  for (const { constraint, prices } of [...conditional].reverse()) {
    const isDated = constraint?.type === "start_date";
    const effectiveFromMs = isDated ? Date.parse(constraint.start_date) : Number.NEGATIVE_INFINITY;
    const hoursUtc =
      constraint?.type === "time_of_date"
        ? readHours(constraint.start_time, constraint.end_time)
        : null;
    const when = { effectiveFromMs, effectiveToMs, hoursUtc };
    records.push(
      ...readPrices(info, prices, provider).map((read) => ({
        ...base(info, url),
        ...when,
        ...read,
      })),
    );
    if (isDated) effectiveToMs = effectiveFromMs;
  }
  return { model: info.id, name: info.name ?? info.id, records };
}

function base(info: ModelInfo, url: string) {
  return {
    model: info.id,
    tier: "standard" as const,
    region: null,
    billedAs: {},
    extends: false,
    layer: "genai-prices",
    source: url || `genai-prices ${GENAI_PRICES_VERSION}`,
    checkedOn: PINNED_ON,
  };
}

/** One record for each length of context that has its own price, the longest first. */
function readPrices(info: ModelInfo, prices: ModelPrice, provider: string) {
  const starts = new Set(
    Object.values(prices).flatMap((price) =>
      typeof price === "object" ? price.tiers.map((tier) => tier.start) : [],
    ),
  );
  const lengths = [...[...starts].sort((a, b) => b - a), null];
  return lengths.map((start) => ({
    context: start === null ? null : readThreshold(start, provider),
    prices: readUnitPrices(info, prices, provider, start),
    // A request fee that depends on the size of the search context, which no usage object tells.
    alsoBilled: prices.requests_kcount === undefined ? [] : ["requests"],
  }));
}

/**
 * "More than 271,999" is how the catalogue writes "272,000 or more". For OpenAI that is one token off: its model pages say
 * "prompts with >272K input tokens" (https://developers.openai.com/api/docs/models/gpt-5.6-sol, checked 2026-11-22), and
 * the catalogue's own newer entries follow them (https://github.com/pydantic/genai-prices/issues/711). xAI writes ">= 200k".
 */
function readThreshold(start: number, provider: string) {
  const isRounded = start % 1_000 === 999;
  const over = isRounded ? start + 1 : start;
  return { over, isInclusive: isRounded && !SELLERS_OF_OPENAI.has(provider) };
}

const SELLERS_OF_OPENAI: ReadonlySet<string> = new Set(["openai", "azure", "aws", "openrouter"]);

function readUnitPrices(
  info: ModelInfo,
  prices: ModelPrice,
  provider: string,
  start: number | null,
) {
  const unitPrices = new Map<PriceClass, UnitPrice>();
  for (const [key, price] of Object.entries(prices)) {
    const priceClass = CLASS_BY_KEY[key];
    if (priceClass === undefined || price === undefined) continue;
    // Groq bills at least ten seconds a request, so a price for each second would be too low.
    if (provider === "groq" && priceClass === "seconds") continue;
    const usd = typeof price === "number" ? price : priceAt(price, start);
    unitPrices.set(priceClass, fromFloat(priceClass, usd));
  }
  const isEmpty = [...unitPrices.values()].every((price) => price.femtoUsd === 0n);
  // 159 models of the catalogue are here for want of a price, not because they cost nothing.
  if (!isEmpty) return unitPrices;
  return isFreeName(info.id) ? freePrices() : new Map<PriceClass, UnitPrice>();
}

function priceAt(
  price: Exclude<ModelPrice[string], number | undefined>,
  start: number | null,
): number {
  if (start === null) return price.base;
  return price.tiers.reduce(
    (found, tier) => (tier.start <= start ? tier.price : found),
    price.base,
  );
}

/** Nine decimals hold every published price and drop the debris of floats (0.18000000000000002). */
function fromFloat(priceClass: PriceClass, usd: number): UnitPrice {
  return unitPrice(priceClass, BigInt(Math.round(usd * 1e9)) * 1_000_000n);
}

function freePrices(): Map<PriceClass, UnitPrice> {
  return new Map(
    ["input", "cache_read", "cache_write_5m", "output"].map((name) => [name, unitPrice(name, 0n)]),
  );
}

function isFreeName(model: string): boolean {
  return model.endsWith(":free");
}

function readHours(start: string, end: string): HoursUtc {
  return { from: readMinute(start), to: readMinute(end) };
}

/** "16:30:00Z" -> 990. The catalogue writes all of them in UTC; a test holds it to that. */
function readMinute(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
