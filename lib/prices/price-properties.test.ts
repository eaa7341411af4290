import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUsd } from "@/lib/money";
import { createPriceBook } from "@/lib/prices/price-book";
import { priceableCall } from "@/lib/prices/testdata/priceable-call";
import { checkUsage } from "@/lib/usage/check-usage";
import type { Usage } from "@/lib/usage/usage";

const book = createPriceBook({
  overrides: [{ id: "g", provider: "vllm", model: "own", usd_per_gpu_hour: "2.49" }],
});

const MODELS: [string, string][] = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-5-nano"],
  ["openai", "gpt-5.6-sol"],
  ["openai", "gpt-realtime"],
  ["anthropic", "claude-sonnet-4-5"],
  ["google", "gemini-2.5-pro"],
  ["google", "gemini-2.5-flash"],
  ["deepseek", "deepseek-chat"],
  ["aws.bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["perplexity", "sonar-deep-research"],
  ["groq", "llama-3.3-70b-versatile"],
  ["google", "gemma-3-27b-it"],
  ["openai", "gpt-99-ultra"],
  ["ollama", "llama3"],
  ["vllm", "own"],
];

const count = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }),
);

/** Usage whose parts fit into their wholes. */
const usage: fc.Arbitrary<Usage> = fc
  .record({
    plain: count,
    read: count,
    w5: count,
    w1: count,
    audio: count,
    out: count,
    reasoning: count,
    outAudio: count,
    searches: fc.integer({ min: 0, max: 5 }),
    micros: fc.integer({ min: 0, max: 10 ** 9 }),
  })
  .map((part) => ({
    input_tokens: part.plain + part.read + part.w5 + part.w1 + part.audio,
    cache_read_tokens: part.read,
    cache_write_5m_tokens: part.w5,
    cache_write_1h_tokens: part.w1,
    input_audio_tokens: part.audio,
    output_tokens: part.out + part.reasoning + part.outAudio,
    reasoning_tokens: part.reasoning,
    output_audio_tokens: part.outAudio,
    web_searches: part.searches,
    gpu_seconds: (part.micros / 1e6).toFixed(6),
  }));

const call = fc
  .record({
    model: fc.constantFrom(...MODELS),
    usage,
    timestampMs: fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2027-01-01") }),
    serviceTier: fc.constantFrom(
      null,
      "standard",
      "default",
      "batch",
      "flex",
      "priority",
      "fast",
      "scale",
    ),
    inferenceGeo: fc.constantFrom(null, "us", "eu", "global"),
  })
  .map(({ model: [provider, model], ...rest }) => priceableCall({ provider, model, ...rest }));

describe("for any call", () => {
  test("the lines add up to the cost, to the last digit", () => {
    fc.assert(
      fc.property(call, (any) => {
        const priced = book.priceCall(any);
        const sum = (priced.price?.lines ?? []).reduce(
          (total, line) => total + (parseUsd(line.usd) ?? -1n),
          0n,
        );
        if (priced.costFemtoUsd === null) expect(priced.price?.lines ?? []).toEqual([]);
        else expect(sum).toBe(priced.costFemtoUsd);
      }),
    );
  });

  test("each line is units / unit_count x usd_per_unit", () => {
    fc.assert(
      fc.property(call, (any) => {
        for (const line of book.priceCall(any).price?.lines ?? []) {
          if (line.class === "gpu_seconds") continue;
          const product = BigInt(line.units) * (parseUsd(line.usd_per_unit) ?? -1n);
          expect(product).toBe((parseUsd(line.usd) ?? -1n) * BigInt(line.unit_count));
        }
      }),
    );
  });

  test("no class that was used is priced at 0 or left out without a word", () => {
    fc.assert(
      fc.property(call, (any) => {
        const priced = book.priceCall(any);
        expect((priced.price?.lines ?? []).filter((line) => line.usd === "0")).toEqual([]);
        const used =
          (any.usage?.input_tokens ?? 0) +
          (any.usage?.output_tokens ?? 0) +
          (any.usage?.web_searches ?? 0);
        if (used > 0) expect(priced.costFemtoUsd).not.toBe(0n);
        if (priced.costStatus === "partial") expect(priced.costReason).toMatch(/^no_price_for/);
      }),
    );
  });

  test("tokens are billed once: the lines' tokens are the input and the output", () => {
    fc.assert(
      fc.property(call, (any) => {
        const priced = book.priceCall(any);
        if (priced.costStatus !== "priced") return;
        const tokens = (priced.price?.lines ?? []).filter((line) => line.unit_count === 1_000_000);
        if (tokens.length === 0) return;
        const sum = tokens.reduce((total, line) => total + Number(line.units), 0);
        expect(sum).toBe((any.usage?.input_tokens ?? 0) + (any.usage?.output_tokens ?? 0));
      }),
    );
  });

  test("a model nobody knows never has a cost", () => {
    fc.assert(
      fc.property(call, fc.constantFrom("ollama", "nobody", "vllm", "litellm"), (any, provider) => {
        expect(book.priceCall({ ...any, provider, model: "nothing" }).costFemtoUsd).toBeNull();
      }),
    );
  });
});

test("a usage costs the same in one call and split over two of the same length class", () => {
  const short = fc.integer({ min: 0, max: 40_000 });
  const part = fc.record({ plain: short, read: short, out: short }).map(({ plain, read, out }) => ({
    input_tokens: plain + read,
    cache_read_tokens: read,
    output_tokens: out,
  }));
  fc.assert(
    fc.property(
      part,
      part,
      fc.constantFrom("gpt-4o", "gpt-5-nano", "gpt-5.6-sol"),
      (a, b, model) => {
        const cost = (usage: Usage) =>
          book.priceCall(priceableCall({ model, usage })).costFemtoUsd ?? -1n;
        const both = {
          input_tokens: a.input_tokens + b.input_tokens,
          cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
          output_tokens: a.output_tokens + b.output_tokens,
        };
        expect(cost(a) + cost(b)).toBe(cost(both));
      },
    ),
  );
});

test("whatever the counts are, pricing answers, and contradictions have no cost", () => {
  const counts = fc.record(
    {
      input_tokens: count,
      cache_read_tokens: count,
      cache_write_5m_tokens: count,
      input_audio_tokens: count,
      cache_read_audio_tokens: count,
      output_tokens: count,
      reasoning_tokens: count,
      output_audio_tokens: count,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(counts, (any) => {
      const priced = book.priceCall(priceableCall({ model: "gpt-realtime", usage: any }));
      if (checkUsage(any))
        expect(priced).toMatchObject({ costFemtoUsd: null, costStatus: "invalid_usage" });
      for (const line of priced.price?.lines ?? []) expect(line.units).not.toMatch(/^-/);
    }),
  );
});
