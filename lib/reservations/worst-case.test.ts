import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SURCHARGED_REGION } from "@/lib/prices/dearest-prices";
import { REGION_UPLIFTS } from "@/lib/prices/overlay/region-uplifts";
import { createPriceBook } from "@/lib/prices/price-book";
import { SERVICE_TIERS } from "@/lib/prices/price-record";
import { priceableCall } from "@/lib/prices/testdata/priceable-call";
import { checkReservation, type Wish } from "@/lib/reservations/check-reservation";
import { estimateCall } from "@/lib/reservations/estimate-call";
import { createOutputLearner } from "@/lib/reservations/output-learner";
import type { Usage } from "@/lib/usage/usage";

const book = createPriceBook({
  overrides: [
    { id: "g", provider: "vllm", model: "own", usd_per_gpu_hour: "2.49" },
    {
      id: "o",
      provider: "vllm",
      model: "odd",
      input_per_mtok: "0.333333333",
      output_per_mtok: "1",
    },
    { id: "l", provider: "vllm", model: "odd", context_over: 5_000, input_per_mtok: "0.1" },
    { id: "m", provider: "openai", model: "mine", maps_to: "gpt-4o", output_per_mtok: "99" },
  ],
});
const prices = { ...book, reload: async () => undefined };
const learner = createOutputLearner();

/** Models with prices for cache writes, long contexts, audio, reasoning, tiers, places and hours. */
const MODELS: [string, string][] = [
  ["anthropic", "claude-sonnet-4-5"],
  ["anthropic", "claude-sonnet-4-0"],
  ["anthropic", "claude-haiku-5-5"],
  ["anthropic", "claude-opus-4-6"],
  ["openai", "gpt-4o"],
  ["openai", "gpt-5.6-sol"],
  ["openai", "gpt-realtime"],
  ["openai", "mine"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["vertex", "claude-sonnet-4-5"],
  ["deepseek", "deepseek-chat"],
  ["azure", "gpt-4.1"],
  ["aws.bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["vllm", "odd"],
];

const NOW = Date.UTC(2026, 10, 22, 16, 27);
const AT = { projectId: "0e2f1c80-0000-4000-8000-000000000001", nowMs: NOW };

function wishOf(body: Record<string, unknown>): Wish {
  const checked = checkReservation(body);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.wish;
}
const estimate = (wish: Wish) =>
  estimateCall(wish, { provider: wish.provider, model: wish.tags.model }, AT, { prices, learner });

/** A whole split at random into parts that add up to at most it. */
const splitOf = (whole: number, shares: readonly number[]): number[] => {
  let left = whole;
  return shares.map((share) => {
    const part = Math.floor(left * share);
    left -= part;
    return part;
  });
};

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Lengths around those that have their own prices. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 8_000 }),
  fc.integer({ min: 99_990, max: 100_010 }),
  fc.integer({ min: 199_990, max: 200_010 }),
  fc.integer({ min: 271_990, max: 272_010 }),
  fc.integer({ min: 0, max: 2_000_000 }),
);

/** An estimate, and a usage within it. */
const scenario = fc
  .record({
    model: fc.constantFrom(...MODELS),
    input: length,
    cap: fc.integer({ min: 0, max: 200_000 }),
    searches: fc.integer({ min: 0, max: 9 }),
    used: fc.tuple(share, share, share),
    inputShares: fc.tuple(share, share, share, share),
    outputShares: fc.tuple(share, share),
    cachedAudio: share,
    isWhole: fc.boolean(),
    tier: fc.option(fc.constantFrom(...SERVICE_TIERS)),
    servedTier: fc.constantFrom(...SERVICE_TIERS),
    region: fc.option(fc.constantFrom("us", "eu", "global")),
    servedRegion: fc.constantFrom(null, "us", "eu", "global"),
    startsAfterMs: fc.integer({ min: 0, max: 300_000 }),
  })
  .map((given) => {
    const used = given.isWhole ? [1, 1, 1] : given.used;
    const input = Math.floor(given.input * (used[0] ?? 1));
    const output = Math.floor(given.cap * (used[1] ?? 1));
    const [read = 0, write5m = 0, write1h = 0, audio = 0] = splitOf(input, given.inputShares);
    const [reasoning = 0, outputAudio = 0] = splitOf(output, given.outputShares);
    const usage: Usage = {
      input_tokens: input,
      cache_read_tokens: read,
      cache_write_5m_tokens: write5m,
      cache_write_1h_tokens: write1h,
      input_audio_tokens: audio,
      cache_read_audio_tokens: Math.floor(Math.min(read, audio) * given.cachedAudio),
      output_tokens: output,
      reasoning_tokens: reasoning,
      output_audio_tokens: outputAudio,
      web_searches: Math.floor(given.searches * (used[2] ?? 1)),
    };
    const [provider, model] = given.model;
    const body = {
      provider,
      model,
      ...(given.tier ? { service_tier: given.tier } : {}),
      ...(given.region ? { inference_geo: given.region } : {}),
      estimated_usage: {
        input_tokens: given.input,
        max_output_tokens: given.cap,
        max_web_searches: given.searches,
      },
    };
    const call = priceableCall({
      provider,
      model,
      projectId: AT.projectId,
      timestampMs: NOW + given.startsAfterMs,
      serviceTier: given.tier ?? given.servedTier,
      inferenceGeo: given.region ?? given.servedRegion,
      usage,
    });
    return { wish: wishOf(body), call };
  });

describe("a strict hold", () => {
  test("is never less than what any call within the estimate costs, in any class, length, tier and place", () => {
    let held = 0;
    fc.assert(
      fc.property(scenario, ({ wish, call }) => {
        const { worstUsd, likelyUsd } = estimate(wish);
        if (typeof worstUsd !== "bigint") return;
        held++;
        const cost = book.priceCall(call).costFemtoUsd ?? 0n;
        expect(worstUsd).toBeGreaterThanOrEqual(cost);
        expect(worstUsd).toBeGreaterThanOrEqual(likelyUsd ?? 0n);
      }),
      { numRuns: 3_000 },
    );
    // The others have no price for what was asked: a tier, or web searches.
    expect(held).toBeGreaterThan(800);
  });

  test("of named classes is what they cost, and no more", () => {
    const body = {
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      service_tier: "standard",
      inference_geo: "global",
    };
    const usage = { input_tokens: 10_000, cache_read_tokens: 9_000 };
    const wish = wishOf({ ...body, estimated_usage: { ...usage, max_output_tokens: 100 } });
    const call = priceableCall({
      ...{ provider: "anthropic", model: "claude-sonnet-4-5", serviceTier: "standard" },
      timestampMs: NOW,
      usage: { ...usage, output_tokens: 100 },
    });
    expect(estimate(wish).worstUsd).toBe(book.priceCall(call).costFemtoUsd);
    const unnamed = wishOf({
      ...body,
      estimated_usage: { input_tokens: 10_000, max_output_tokens: 100 },
    });
    // All of it written to the cache for an hour: twice the price of plain input.
    expect(estimate(unnamed).worstUsd).toBe(10_000n * 6_000_000_000n + 100n * 15_000_000_000n);
  });

  test("is unknown without a price, an output cap or an input estimate, and says which", () => {
    const of = (body: object) => estimate(wishOf({ provider: "openai", ...body })).worstUsd;
    const usage = { input_tokens: 10, max_output_tokens: 10 };
    expect(of({ model: "gpt-4o", estimated_usage: usage })).toBeTypeOf("bigint");
    expect(of({ model: "gpt-99", estimated_usage: usage })).toBe("no_price");
    expect(of({ model: "gpt-4o", estimated_usage: { input_tokens: 10 } })).toBe("no_output_cap");
    expect(of({ model: "gpt-4o" })).toBe("no_output_cap");
    expect(of({ model: "gpt-4o", estimated_usage: { max_output_tokens: 1 } })).toBe(
      "no_input_estimate",
    );
    expect(of({ model: "gpt-99", estimated_cost_usd: "0.5" })).toBe(500_000_000_000_000n);
    // A request fee that no usage tells.
    const sonar = { provider: "perplexity", model: "sonar", estimated_usage: usage };
    expect(of(sonar)).toBe("no_price");
    // A machine that is paid by the hour, of which nobody said how long.
    expect(of({ provider: "vllm", model: "own", estimated_usage: usage })).toBe("no_price");
    const hour = { ...usage, gpu_seconds: 3_600 };
    expect(of({ provider: "vllm", model: "own", estimated_usage: hour })).toBe(
      2_490_000_000_000_000n,
    );
    expect(of({ model: "gpt-4o", type: "tool" })).toBe(0n);
  });
});

test("every region surcharge knows the region by which the dearest place is found", () => {
  for (const { regions } of REGION_UPLIFTS) expect(SURCHARGED_REGION).toMatch(regions);
});

test("what calls really had is expected of the next one, and never more than its cap", () => {
  const taught = createOutputLearner();
  const key = { projectId: AT.projectId, model: "gpt-4o", agent: "a" };
  const body = {
    provider: "openai",
    model: "gpt-4o",
    agent: "a",
    estimated_usage: { input_tokens: 100, max_output_tokens: 8_000 },
  };
  const likely = (given: object = {}) =>
    estimateCall(wishOf({ ...body, ...given }), { provider: "openai", model: "gpt-4o" }, AT, {
      prices,
      learner: taught,
    }).likelyTokens;
  expect(likely()).toBe(8_100n);
  for (let n = 0; n < 200; n++) taught.learn({ ...key, outputTokens: n % 20 === 0 ? 4_000 : 300 });
  expect(likely()).toBe(400n);
  expect(likely({ agent: "b" })).toBe(8_100n);
  expect(likely({ estimated_usage: { input_tokens: 100, max_output_tokens: 50 } })).toBe(150n);
  for (let n = 0; n < 32; n++) taught.learn({ ...key, outputTokens: 1_000 });
  expect(likely()).toBe(1_100n);
});
