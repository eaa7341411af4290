import { describe, expect, test } from "vitest";
import { priceOf as price } from "@/lib/prices/testdata/priceable-call";

describe("what is unknown is never 0", () => {
  test("a model nobody knows", () => {
    expect(price({ model: "gpt-99-ultra" })).toMatchObject({
      usd: null,
      listUsd: null,
      status: "unpriced",
      reason: "unknown_model",
    });
  });

  test("a provider nobody named", () => {
    expect(price({ provider: null })).toMatchObject({
      usd: null,
      status: "unpriced",
      reason: "unknown_provider",
    });
  });

  test("a local model that a cloud sells too", () => {
    for (const [provider, model] of [
      ["ollama", "deepseek-r1:14b"],
      ["vllm", "gpt-4o"],
    ]) {
      expect(price({ provider: provider ?? "", model: model ?? "" })).toMatchObject({
        usd: null,
        status: "unpriced",
        reason: "self_hosted_without_price",
      });
    }
  });

  test("a model the catalogue lists without a price", () => {
    for (const [provider, model] of [
      ["google", "gemma-3-27b-it"],
      ["cerebras", "qwen-3-coder-480b"],
      ["openai", "omni-moderation-latest"],
    ]) {
      expect(price({ provider: provider ?? "", model: model ?? "" })).toMatchObject({
        usd: null,
        status: "unpriced",
        reason: "no_price_for:input,output",
      });
    }
  });

  test("tokens of a model that is sold by the hour", () => {
    expect(price({ model: "whisper-1" })).toMatchObject({ usd: null, status: "unpriced" });
    expect(price({ model: "whisper-1", usage: { units: { seconds: 90 } } })).toMatchObject({
      usd: "0.009",
      status: "priced",
    });
  });

  test("a fine-tune whose base is known", () => {
    expect(price({ model: "ft:gpt-4o-mini:org::id" })).toMatchObject({
      usd: null,
      reason: "unknown_model",
    });
  });

  test("a tier nobody sells", () => {
    expect(price({ serviceTier: "batch", model: "gpt-5-image" })).toMatchObject({
      usd: null,
      status: "unpriced",
      reason: "no_price_for_tier:batch",
    });
    expect(price({ serviceTier: "scale" })).toMatchObject({
      usd: null,
      reason: "no_price_for_tier:scale",
    });
    expect(price({ serviceTier: "priority", model: "gpt-5-nano" })).toMatchObject({ usd: null });
  });

  test("an application inference profile, until it is mapped", () => {
    const model = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc";
    expect(price({ provider: "aws.bedrock", model })).toMatchObject({
      usd: null,
      reason: "unknown_model",
    });
    const mapped = {
      id: "1",
      provider: "aws.bedrock",
      model,
      maps_to: "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    };
    expect(price({ provider: "aws.bedrock", model }, [mapped])).toMatchObject({
      usd: "0.0045",
      status: "priced",
      source: "override:1",
    });
  });
});

describe("a class without a price is named, never billed as its parent", () => {
  test("audio is not text", () => {
    expect(
      price({
        model: "gpt-4o-audio-preview",
        usage: { input_tokens: 1000, input_audio_tokens: 400, output_tokens: 0 },
      }),
    ).toMatchObject({
      usd: "0.0015",
      status: "partial",
      reason: "no_price_for:input_audio",
    });
  });

  test("a 1-hour write is not a 5-minute one", () => {
    const usage = { input_tokens: 1000, cache_write_1h_tokens: 1000, output_tokens: 100 };
    const model = "us.anthropic.claude-sonnet-4-20250514-v1:0";
    expect(price({ provider: "aws.bedrock", model, usage })).toMatchObject({
      usd: "0.0015",
      status: "partial",
      reason: "no_price_for:cache_write_1h",
    });
  });

  test("a write that a provider has no price for, unless its documents say it is input", () => {
    const usage = { input_tokens: 1000, cache_write_5m_tokens: 1000, output_tokens: 0 };
    expect(price({ usage })).toMatchObject({ usd: "0.0025", status: "priced" });
    expect(price({ provider: "groq", model: "llama-3.3-70b-versatile", usage })).toMatchObject({
      usd: null,
      reason: "no_price_for:cache_write_5m",
    });
  });

  test("a search is never dropped", () => {
    const usage = { input_tokens: 1000, output_tokens: 0, web_searches: 2 };
    expect(price({ model: "o3-mini", usage })).toMatchObject({
      status: "partial",
      reason: "no_price_for:web_searches",
    });
    expect(price({ provider: "google", model: "gemini-2.5-flash", usage })).toMatchObject({
      usd: "0.0703",
      status: "priced",
    });
  });

  test("a request fee that depends on what no usage tells", () => {
    expect(price({ provider: "perplexity", model: "sonar" })).toMatchObject({
      usd: "0.0011",
      status: "partial",
      reason: "no_price_for:requests",
    });
  });

  test("a unit without a price", () => {
    expect(price({ usage: { input_tokens: 1000, units: { images: 2 } } })).toMatchObject({
      usd: "0.0025",
      status: "partial",
      reason: "no_price_for:images",
    });
  });

  test("an image is not written text", () => {
    const usage = { input_tokens: 0, output_tokens: 1300, units: { output_image_tokens: 1290 } };
    expect(price({ provider: "google", model: "gemini-2.5-flash-image", usage })).toMatchObject({
      usd: "0.038725",
      status: "priced",
    });
    expect(price({ provider: "google", model: "gemini-2.5-flash", usage })).toMatchObject({
      usd: "0.000025",
      status: "partial",
      reason: "no_price_for:output_image_tokens",
    });
  });
});

describe("audio that may be cached", () => {
  const model = { provider: "google", model: "gemini-2.5-flash" };

  test("is billed as cached where the provider says how much", () => {
    const usage = {
      input_tokens: 1000,
      input_audio_tokens: 800,
      cache_read_tokens: 300,
      cache_read_audio_tokens: 300,
    };
    expect(price({ ...model, usage }).lines.map((line) => [line.class, line.units])).toEqual([
      ["input", "200"],
      ["cache_read_audio", "300"],
      ["input_audio", "500"],
    ]);
  });

  test("is billed as cached as far as the counts force it", () => {
    const usage = { input_tokens: 1000, input_audio_tokens: 800, cache_read_tokens: 500 };
    expect(price({ ...model, usage }).lines.map((line) => [line.class, line.units])).toEqual([
      ["cache_read", "200"],
      ["cache_read_audio", "300"],
      ["input_audio", "500"],
    ]);
  });
});

describe("what costs nothing", () => {
  test("no tokens of a known model cost exactly 0", () => {
    expect(price({ usage: { input_tokens: 0, output_tokens: 0 } })).toMatchObject({
      usd: "0",
      status: "priced",
      lines: [],
    });
  });

  test("a free variant costs 0 because it says so", () => {
    expect(
      price({ provider: "openrouter", model: "deepseek/deepseek-chat-v3-0324:free" }),
    ).toMatchObject({ usd: "0", status: "priced" });
  });

  test("a call that was turned away, and only that", () => {
    for (const errorType of ["rate_limit", "authentication", "validation"]) {
      expect(price({ status: "error", errorType, usage: null })).toMatchObject({
        usd: "0",
        status: "priced",
        reason: "not_billed",
      });
    }
    for (const errorType of ["timeout", "cancelled", "unknown", null]) {
      expect(price({ status: "error", errorType, usage: null })).toMatchObject({
        usd: null,
        status: "unpriced",
        reason: "no_usage",
      });
    }
    expect(price({ usage: null })).toMatchObject({
      usd: null,
      status: "unpriced",
      reason: "no_usage",
    });
    expect(price({ usage: {} })).toMatchObject({ usd: null, reason: "no_usage" });
  });

  test("an inner node of the tree is not an unpriced call", () => {
    for (const type of ["agent", "step", "guard", "tool"] as const) {
      expect(price({ type, provider: null, model: null, usage: null })).toMatchObject({
        usd: "0",
        status: "priced",
        reason: "no_own_cost",
      });
    }
    const usage = { input_tokens: 5000, output_tokens: 50 };
    expect(price({ type: "agent", provider: null, model: null, usage })).toMatchObject({
      usd: "0",
      reason: "no_own_cost",
    });
  });
});

describe("a cost the client reports", () => {
  const reportedCostFemtoUsd = 5n * 10n ** 12n;

  test("counts for a tool, and for a call only where the project trusts it", () => {
    expect(price({ type: "tool", model: null, usage: null, reportedCostFemtoUsd })).toMatchObject({
      usd: "0.005",
      status: "provided",
    });
    expect(price({ reportedCostFemtoUsd })).toMatchObject({ usd: "0.0035", status: "priced" });
    expect(price({ reportedCostFemtoUsd, trustsReportedCost: true })).toMatchObject({
      usd: "0.005",
      status: "provided",
    });
    expect(
      price({ type: "agent", usage: null, reportedCostFemtoUsd, trustsReportedCost: true }),
    ).toMatchObject({ usd: "0" });
  });
});

test("contradictory usage has no cost", () => {
  expect(price({ usage: { input_tokens: 1, cache_read_tokens: 2 } })).toMatchObject({
    usd: null,
    status: "invalid_usage",
    reason: "part_over_whole:cache_read_tokens",
  });
});

test("an estimate is told as one, but what it lacks is told first", () => {
  expect(price({ usageSource: "estimated" })).toMatchObject({ usd: "0.0035", status: "estimated" });
  expect(price({ usageSource: "estimated", model: "nobody-knows" })).toMatchObject({
    usd: null,
    status: "unpriced",
  });
  expect(
    price({ usageSource: "estimated", usage: { input_tokens: 1, units: { images: 1 } } }),
  ).toMatchObject({ status: "partial" });
});
