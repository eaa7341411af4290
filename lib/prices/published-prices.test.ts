import { describe, expect, test } from "vitest";
import { formatUsd } from "@/lib/money";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceBook } from "@/lib/prices/price-book";
import { priceableCall } from "@/lib/prices/testdata/priceable-call";
import type { Usage } from "@/lib/usage/usage";

const book = createPriceBook({ overrides: [] });

/** The dollars of a million of each token class, one class at a time, as "input/cached/5m/1h/output"; - where there is none. */
function perMillion(changes: Partial<PriceableCall>, length = 1000): string {
  const one = (usage: Usage) => {
    const priced = book.priceCall(priceableCall({ ...changes, usage }));
    if (priced.costStatus !== "priced" || priced.costFemtoUsd === null) return "-";
    return formatUsd((priced.costFemtoUsd * 1_000_000n) / BigInt(length));
  };
  return [
    one({ input_tokens: length }),
    one({ input_tokens: length, cache_read_tokens: length }),
    one({ input_tokens: length, cache_write_5m_tokens: length }),
    one({ input_tokens: length, cache_write_1h_tokens: length }),
    one({ input_tokens: 0, output_tokens: length }),
  ].join("/");
}

function at(provider: string, model: string, time: string, rest: Partial<PriceableCall> = {}) {
  return { provider, model, timestampMs: Date.parse(time), ...rest };
}

describe("OpenAI's tiers have numbers of their own", () => {
  test.each([
    ["gpt-5-mini", "priority", "0.45/0.045/0.45/-/3.6"],
    ["gpt-5-mini", "flex", "0.125/0.0125/0.125/-/1"],
    ["gpt-5", "batch", "0.625/0.0625/0.625/-/5"],
    ["gpt-4.1", "priority", "3.5/0.875/3.5/-/14"],
    ["gpt-4.1", "batch", "1/-/1/-/4"],
    ["gpt-4o-mini", "priority", "0.25/0.125/0.25/-/1"],
    ["o4-mini", "flex", "0.55/0.1375/0.55/-/2.2"],
    ["o3", "flex", "1/0.25/1/-/4"],
    ["gpt-5.2", "priority", "3.5/0.35/3.5/-/28"],
    ["gpt-5.5", "priority", "12.5/1.25/12.5/-/75"],
    ["gpt-5.6-luna", "default", "0.2/0.02/0.25/-/1.2"],
    ["gpt-5.6-luna", "batch", "0.1/0.01/0.125/-/0.6"],
    ["gpt-5.6-sol", "fast", "8/0.8/10/-/40"],
    ["gpt-6-sol", "flex", "1/0.1/1.25/-/5"],
    ["text-embedding-3-large", "batch", "0.065/-/0.065/-/-"],
  ])("%s %s", (model, serviceTier, prices) => {
    expect(perMillion(at("openai", model, "2026-11-01", { serviceTier }))).toBe(prices);
  });

  test("a price cut holds from its day on, in every tier", () => {
    expect(perMillion(at("openai", "gpt-5.6-luna", "2026-07-29T23:59:59Z"))).toBe("1/0.1/1.25/-/6");
    expect(perMillion(at("openai", "gpt-5.6-luna", "2026-07-30T00:00:00Z"))).toBe(
      "0.2/0.02/0.25/-/1.2",
    );
    expect(perMillion(at("openai", "gpt-5.6-luna", "2026-07-29", { serviceTier: "flex" }))).toBe(
      "0.5/0.05/0.625/-/3",
    );
    expect(perMillion(at("openai", "o3", "2025-06-09T23:59:59Z"))).toBe("10/2.5/10/-/40");
    expect(perMillion(at("openai", "o3", "2025-06-10T00:00:00Z"))).toBe("2/0.5/2/-/8");
  });

  test("the long price begins past 272,000 tokens, and no tier's short price is used for a long call", () => {
    const call = (serviceTier: string) => at("openai", "gpt-5.5", "2026-06-01", { serviceTier });
    expect(perMillion(call("standard"), 272_000).startsWith("5/0.5/")).toBe(true);
    expect(perMillion(call("standard"), 272_001).startsWith("10/1/")).toBe(true);
    expect(perMillion(call("flex"), 272_001).startsWith("5/0.5/")).toBe(true);
    expect(perMillion(call("priority"), 272_001).startsWith("-/-/")).toBe(true);
  });

  test("a search costs the same in every tier", () => {
    const usage = { input_tokens: 1000, output_tokens: 0, web_searches: 1 };
    const priced = book.priceCall(priceableCall({ model: "gpt-5", serviceTier: "flex", usage }));
    expect(formatUsd(priced.costFemtoUsd ?? -1n)).toBe("0.010625");
  });

  test("regional processing costs a tenth more from GPT-5.4 on", () => {
    expect(perMillion(at("openai", "gpt-5.4-mini", "2026-06-01", { inferenceGeo: "eu" }))).toBe(
      "0.825/0.0825/0.825/-/4.95",
    );
    expect(perMillion(at("openai", "gpt-5.2", "2026-06-01", { inferenceGeo: "eu" }))).toBe(
      "1.75/0.175/1.75/-/14",
    );
  });
});

describe("Anthropic", () => {
  test.each([
    ["claude-3-haiku-20240307", "standard", null, "0.25/0.03/0.3/0.5/1.25"],
    ["claude-3-opus-20240229", "standard", null, "15/1.5/18.75/30/75"],
    ["claude-3-5-haiku-20241022", "batch", null, "0.4/0.04/0.5/0.8/2"],
    ["claude-fable-5-1", "standard", null, "10/0.25/12.5/20/50"],
    ["claude-sonnet-5", "standard", null, "2/0.2/2.5/4/10"],
    ["claude-opus-4-6", "standard", "us", "5.5/0.55/6.875/11/27.5"],
    ["claude-opus-4-6", "standard", "global", "5/0.5/6.25/10/25"],
    ["claude-sonnet-4-5", "standard", "us", "3/0.3/3.75/6/15"],
    ["claude-opus-4-6", "batch", "us", "2.75/0.275/3.4375/5.5/13.75"],
    ["claude-opus-4-6", "fast", null, "30/3/37.5/60/150"],
    ["claude-opus-4-8", "fast", null, "10/1/12.5/20/50"],
    ["claude-opus-4-5", "fast", null, "-/-/-/-/-"],
  ])("%s %s %s", (model, serviceTier, inferenceGeo, prices) => {
    expect(perMillion(at("anthropic", model, "2026-11-01", { serviceTier, inferenceGeo }))).toBe(
      prices,
    );
  });

  test("long prompts cost more while they did, in batches too", () => {
    const long = (model: string, time: string, serviceTier = "standard") =>
      perMillion(at("anthropic", model, time, { serviceTier }), 200_001).split("/")[0];
    expect(long("claude-sonnet-4-20250514", "2025-10-01")).toBe("6");
    expect(long("claude-sonnet-4-5-20250929", "2025-11-01", "batch")).toBe("3");
    expect(long("claude-opus-4-6", "2026-03-12", "batch")).toBe("5");
    expect(long("claude-opus-4-6", "2026-03-13", "batch")).toBe("2.5");
  });
});

describe("clouds", () => {
  test.each([
    [
      "aws.bedrock",
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      null,
      "3.3/0.33/4.125/6.6/16.5",
    ],
    ["aws.bedrock", "eu.anthropic.claude-haiku-4-5-20251001-v1:0", null, "1.1/0.11/1.375/2.2/5.5"],
    ["aws.bedrock", "global.anthropic.claude-opus-4-5-20251101-v1:0", null, "5/0.5/6.25/10/25"],
    ["aws.bedrock", "us.anthropic.claude-sonnet-4-20250514-v1:0", null, "3/0.3/3.75/-/15"],
    ["aws.bedrock", "anthropic.claude-3-haiku-20240307-v1:0", null, "0.25/0.03/0.3/-/1.25"],
    ["gcp.vertex_ai", "claude-opus-4-6", null, "5/0.5/6.25/10/25"],
    ["anthropic", "claude-haiku-5-5", null, "0.1/0.01/0.125/0.2/0.5"],
    ["aws.bedrock", "eu.anthropic.claude-sonnet-5-5", null, "2.2/0.22/2.75/4.4/11"],
    ["aws.bedrock", "amazon.titan-embed-text-v2:0", null, "0.02/-/-/-/-"],
    ["aws.bedrock", "cohere.command-r-plus-v1:0", null, "3/-/-/-/15"],
    ["gcp.vertex_ai", "claude-sonnet-4-5@20250929", "us-east5", "3.3/0.33/4.125/6.6/16.5"],
    ["gcp.vertex_ai", "claude-sonnet-4-5@20250929", "global", "3/0.3/3.75/6/15"],
    ["gcp.vertex_ai", "claude-sonnet-4@20250514", "us-east5", "3/0.3/3.75/6/15"],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.0-flash", null, "0.15/0.0375/0.15/-/0.6"],
    ["gcp.gemini", "gemini-2.0-flash", null, "0.1/0.025/0.1/-/0.4"],
    ["azure.ai.openai", "gpt-4o-2024-08-06", "eu", "2.75/1.375/2.75/-/11"],
    ["azure.ai.openai", "gpt-35-turbo", null, "0.5/-/0.5/-/1.5"],
    ["mistral_ai", "codestral-latest", null, "0.3/-/-/-/0.9"],
    ["mistral_ai", "open-mixtral-8x22b", null, "2/-/-/-/6"],
    ["openrouter", "anthropic/claude-sonnet-4", null, "3/0.3/3.75/-/15"],
    ["openrouter", "x-ai/grok-4", null, "3/-/-/-/15"],
    ["x_ai", "grok-4-0709", null, "3/0.75/-/-/15"],
    ["together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", null, "0.88/-/-/-/0.88"],
    ["cohere", "command-r-plus-08-2024", null, "2.5/-/-/-/10"],
  ])("%s %s %s", (provider, model, inferenceGeo, prices) => {
    expect(perMillion(at(provider, model, "2026-06-01", { inferenceGeo }))).toBe(prices);
  });

  test("xAI's long price begins at 200,000 tokens, Google's past them", () => {
    const input = (provider: string, model: string, length: number) =>
      perMillion(at(provider, model, "2026-11-01"), length).split("/")[0];
    expect([199_999, 200_000].map((length) => input("x_ai", "grok-4.3", length))).toEqual([
      "1.25",
      "2.5",
    ]);
    expect([200_000, 200_001].map((length) => input("google", "gemini-2.5-pro", length))).toEqual([
      "1.25",
      "2.5",
    ]);
  });

  test("Gemini's batch does not halve cached input on every model", () => {
    expect(
      perMillion(at("google", "gemini-2.5-flash", "2026-02-10", { serviceTier: "batch" })),
    ).toBe("0.15/0.03/0.15/-/1.25");
    expect(
      perMillion(at("google", "gemini-2.5-pro", "2026-02-10", { serviceTier: "batch" }), 200_001),
    ).toBe("1.25/0.25/1.25/-/5");
  });
});

describe("DeepSeek's periods, to the minute", () => {
  test.each([
    ["deepseek-chat", "2025-01-15T12:00:00Z", "0.14/0.014/0.14/-/0.28"],
    ["deepseek-chat", "2025-02-20T18:00:00Z", "0.27/0.07/0.27/-/1.1"],
    ["deepseek-chat", "2025-08-01T16:29:59Z", "0.27/0.07/0.27/-/1.1"],
    ["deepseek-chat", "2025-08-01T16:30:00Z", "0.135/0.035/0.135/-/0.55"],
    ["deepseek-chat", "2025-08-02T00:29:00Z", "0.135/0.035/0.135/-/0.55"],
    ["deepseek-chat", "2025-08-02T00:30:00Z", "0.27/0.07/0.27/-/1.1"],
    ["deepseek-chat", "2025-09-05T15:59:00Z", "0.27/0.07/0.27/-/1.1"],
    ["deepseek-chat", "2025-09-05T16:00:00Z", "0.56/0.07/0.56/-/1.68"],
    ["deepseek-chat", "2025-12-01T18:00:00Z", "0.28/0.028/0.28/-/0.42"],
    ["deepseek-reasoner", "2025-08-01T12:00:00Z", "0.55/0.14/0.55/-/2.19"],
    ["deepseek-reasoner", "2025-08-01T18:00:00Z", "0.135/0.035/0.135/-/0.55"],
    ["deepseek-v4-flash", "2026-07-01T02:00:00Z", "0.14/0.0028/0.14/-/0.28"],
    ["deepseek-v4-flash", "2026-08-16T15:59:00Z", "0.14/0.0028/0.14/-/0.28"],
    ["deepseek-v4-flash", "2026-08-16T16:00:00Z", "0.22/0.007/0.22/-/0.66"],
    ["deepseek-v4-flash", "2026-08-17T01:00:00Z", "0.44/0.014/0.44/-/1.32"],
    ["deepseek-v4-flash", "2026-08-29T02:00:00Z", "0.22/0.007/0.22/-/0.66"],
    ["deepseek-v4-flash", "2026-09-15T02:00:00Z", "0.3/0.006/0.3/-/1.2"],
    ["deepseek-v4-flash", "2026-10-01T02:00:00Z", "0.15/0.003/0.15/-/0.6"],
    ["deepseek-v4-pro", "2026-06-01T07:00:00Z", "0.435/0.003625/0.435/-/0.87"],
    ["deepseek-v4-pro", "2026-08-18T07:00:00Z", "1.32/0.044/1.32/-/3.96"],
  ])("%s at %s", (model, time, prices) => {
    expect(perMillion(at("deepseek", model, time))).toBe(prices);
  });
});
