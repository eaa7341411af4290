import { type FemtoUsd, parseUsd } from "@/lib/money";
import type { MatchedModel } from "@/lib/prices/choose-price";
import type { PriceableCall, PricedCall } from "@/lib/prices/price";
import type { PriceClass } from "@/lib/prices/price-class";
import { SERVICE_TIERS } from "@/lib/prices/price-record";
import type { Usage } from "@/lib/usage/usage";

/** A call that has not happened yet, as far as its prices depend on it. */
export interface DearestQuery {
  projectId: string;
  provider: string | null;
  model: string | null;
  /** null: whichever the response will name. */
  serviceTier: string | null;
  inferenceGeo: string | null;
  /** The most input it can have; a shorter one may have other prices, so those count too. */
  inputTokens: number;
  /** Names of `usage.units` that it may use. */
  unitNames: readonly string[];
  /** When it may start, ms since 1970, both included. */
  fromMs: number;
  toMs: number;
}

/** The highest price each class can have in such a call. */
export interface DearestPrices {
  /** Femto-dollars for `unitCountOf(class)` units. A class that is not in it has no price anywhere. */
  byClass: ReadonlyMap<PriceClass, FemtoUsd>;
  /** Every such call is billed for something besides that has no price: its whole cost is not known. */
  isPartial: boolean;
}

/** Where the prices of a model change with what a call says of itself. */
export interface PriceBounds {
  /** Input tokens on both sides of each length that has its own price, ascending. */
  lengths: readonly number[];
  /** Places, one for each price that differs by place. */
  regions: readonly (string | null)[];
}

/** Every region surcharge knows this one (a test ties them). */
export const SURCHARGED_REGION = "us";

/** Finds a model's bounds: its own prices', and those of the model that an operator maps it to. */
export function boundsOf(match: MatchedModel): PriceBounds {
  const own = match.overrides.flat();
  const lists = [match.list, ...own.map(({ mapsTo }) => mapsTo && match.findMapped(mapsTo))];
  const listed = lists.flatMap((list) => (list ? list.records : []));
  const records = [...own.map(({ record }) => record), ...listed];
  const overs = records.flatMap(({ context }) => (context ? [context.over] : []));
  const hasUplift = lists.some((list) => list && list.uplifts.length > 0);
  return {
    lengths: [...new Set(overs.flatMap((over) => [over - 1, over, over + 1]))].sort(
      (a, b) => a - b,
    ),
    regions: [
      ...new Set([
        null,
        ...records.map(({ region }) => region),
        ...(hasUplift ? [SURCHARGED_REGION] : []),
      ]),
    ],
  };
}

/**
 * The dearest prices that a call can come to. They are read off the price lines of candidate calls, priced as any call is:
 * each class by itself, in each tier, place, length and at both ends of the time in question.
 */
export function findDearest(
  query: DearestQuery,
  bounds: PriceBounds,
  priceCall: (call: PriceableCall) => PricedCall,
): DearestPrices {
  const byClass = new Map<PriceClass, FemtoUsd>();
  let isPartial = false;
  const lengths = [
    query.inputTokens,
    ...bounds.lengths.filter((length) => length >= 0 && length < query.inputTokens),
  ];
  for (const place of placesOf(query, bounds)) {
    for (const usage of lengths.flatMap((length) => candidateUsages(length, query.unitNames))) {
      const { costStatus, price } = priceCall({ ...place, usage });
      for (const line of price?.lines ?? []) {
        const femtoUsd = parseUsd(line.usd_per_unit) ?? 0n;
        if (femtoUsd >= (byClass.get(line.class) ?? 0n)) byClass.set(line.class, femtoUsd);
      }
      const isPlain = Object.keys(usage).every((name) => PLAIN.has(name));
      const isPriced = price?.lines.some(({ class: name }) => PLAIN_CLASSES.has(name)) ?? false;
      if (isPlain && isPriced && costStatus === "partial") isPartial = true;
    }
  }
  return { byClass, isPartial };
}

const PLAIN: ReadonlySet<string> = new Set(["input_tokens", "output_tokens"]);
const PLAIN_CLASSES: ReadonlySet<string> = new Set(["input", "output"]);

/** Every tier, place and time that the call can come back with. */
function placesOf(query: DearestQuery, bounds: PriceBounds): PriceableCall[] {
  const tiers = query.serviceTier === null ? SERVICE_TIERS : [query.serviceTier];
  const regions = query.inferenceGeo === null ? bounds.regions : [query.inferenceGeo];
  const times = [...new Set([query.fromMs, query.toMs])];
  const { projectId, provider, model } = query;
  return tiers.flatMap((serviceTier) =>
    regions.flatMap((inferenceGeo) =>
      times.map((timestampMs) => ({
        projectId,
        type: "llm" as const,
        provider,
        model,
        timestampMs,
        serviceTier,
        inferenceGeo,
        usage: null,
        usageSource: "reported" as const,
        status: "ok" as const,
        errorType: null,
        reportedCostFemtoUsd: null,
        trustsReportedCost: false,
      })),
    ),
  );
}

/** One usage for each class that an input of this length, its output and its tools can be billed as. */
function candidateUsages(input_tokens: number, unitNames: readonly string[]): Usage[] {
  const all = input_tokens;
  const inputs: Usage[] = [
    {},
    { cache_read_tokens: all },
    { cache_write_5m_tokens: all },
    { cache_write_1h_tokens: all },
    { input_audio_tokens: all },
    { cache_read_tokens: all, input_audio_tokens: all, cache_read_audio_tokens: all },
  ];
  const others: Usage[] = [
    { output_tokens: 1 },
    { output_tokens: 1, reasoning_tokens: 1 },
    { output_tokens: 1, output_audio_tokens: 1 },
    { output_tokens: 1, units: { output_image_tokens: 1 } },
    { web_searches: 1 },
    { gpu_seconds: "1" },
    ...unitNames.map((name) => ({ units: { [name]: 1 } })),
  ];
  return [...inputs, ...others].map((usage) => ({ input_tokens, ...usage }));
}
