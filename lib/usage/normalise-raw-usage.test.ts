import { describe, expect, test } from "vitest";
import { normaliseRawUsage } from "@/lib/usage/normalise-raw-usage";
import type { RawUsageApi } from "@/lib/usage/usage";

function read(api: RawUsageApi, body: Record<string, unknown>) {
  const result = normaliseRawUsage({ api, body });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result;
}

describe("OpenAI", () => {
  test("details are parts of their whole and add nothing to it", () => {
    const { usage } = read("openai.chat_completions", {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 20, cache_write_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5 },
    });
    expect(usage).toEqual({
      input_tokens: 100,
      cache_read_tokens: 60,
      cache_write_5m_tokens: 10,
      input_audio_tokens: 20,
      output_tokens: 50,
      reasoning_tokens: 30,
      output_audio_tokens: 5,
    });
  });

  test("reasoning that a total proves to be beside the completion is added once", () => {
    const beside = { prompt_tokens: 32, completion_tokens: 9, total_tokens: 135 };
    const details = { completion_tokens_details: { reasoning_tokens: 94 } };
    expect(read("openai.chat_completions", { ...beside, ...details }).usage.output_tokens).toBe(
      103,
    );
    const inside = { prompt_tokens: 32, completion_tokens: 103, total_tokens: 135 };
    expect(read("openai.chat_completions", { ...inside, ...details }).usage.output_tokens).toBe(
      103,
    );
  });

  test("a cache hit that is told twice counts once", () => {
    const body = {
      prompt_tokens: 20,
      prompt_cache_hit_tokens: 15,
      prompt_tokens_details: { cached_tokens: 15 },
    };
    expect(read("openai.chat_completions", body).usage.cache_read_tokens).toBe(15);
    expect(
      read("openai.chat_completions", { prompt_tokens: 20, prompt_cache_hit_tokens: 15 }).usage
        .cache_read_tokens,
    ).toBe(15);
  });

  test("cache writes of the Responses API are read", () => {
    const body = {
      input_tokens: 4000,
      output_tokens: 10,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 3207 },
    };
    expect(read("openai.responses", body).usage).toEqual({
      input_tokens: 4000,
      cache_write_5m_tokens: 3207,
      output_tokens: 10,
    });
  });

  test("an embedding has no output, which is known", () => {
    expect(read("openai.embeddings", { prompt_tokens: 7, total_tokens: 7 }).usage).toEqual({
      input_tokens: 7,
      output_tokens: 0,
    });
    expect(read("openai.embeddings", { total_tokens: 7 }).usage.input_tokens).toBe(7);
  });

  test("searches that copies of the API report are read", () => {
    const body = { prompt_tokens: 1, server_tool_use: { web_search_requests: 2 } };
    expect(read("openai.chat_completions", body).usage.web_searches).toBe(2);
  });
});

describe("Anthropic", () => {
  test("plain, read and written tokens add up to all input", () => {
    const { usage, serviceTier, inferenceGeo } = read("anthropic.messages", {
      input_tokens: 100,
      cache_read_input_tokens: 40_000,
      cache_creation_input_tokens: 5000,
      cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 3000 },
      output_tokens: 777,
      server_tool_use: { web_search_requests: 3 },
      service_tier: "batch",
      inference_geo: "us",
    });
    expect(usage).toEqual({
      input_tokens: 45_100,
      cache_read_tokens: 40_000,
      cache_write_5m_tokens: 2000,
      cache_write_1h_tokens: 3000,
      output_tokens: 777,
      web_searches: 3,
    });
    expect({ serviceTier, inferenceGeo }).toEqual({ serviceTier: "batch", inferenceGeo: "us" });
  });

  test("a write without a lifetime is a 5-minute write", () => {
    const body = { input_tokens: 1, cache_creation_input_tokens: 50, output_tokens: 2 };
    expect(read("anthropic.messages", body).usage).toEqual({
      input_tokens: 51,
      cache_write_5m_tokens: 50,
      output_tokens: 2,
    });
    const partly = { ...body, cache_creation: { ephemeral_1h_input_tokens: 20 } };
    expect(read("anthropic.messages", partly).usage).toMatchObject({
      input_tokens: 51,
      cache_write_5m_tokens: 30,
      cache_write_1h_tokens: 20,
    });
  });

  test("the lifetimes alone say what was written", () => {
    const body = {
      input_tokens: 1,
      cache_creation: { ephemeral_5m_input_tokens: 3 },
      output_tokens: 2,
    };
    expect(read("anthropic.messages", body).usage.input_tokens).toBe(4);
  });

  test("a compaction, which the top-level counts leave out, is added", () => {
    const { usage } = read("anthropic.messages", {
      input_tokens: 23_000,
      output_tokens: 1000,
      iterations: [
        { type: "compaction", input_tokens: 180_000, output_tokens: 3500 },
        { type: "message", input_tokens: 23_000, output_tokens: 1000 },
      ],
    });
    expect(usage).toEqual({ input_tokens: 203_000, output_tokens: 4500 });
  });

  test("fast mode is a tier", () => {
    const body = { input_tokens: 1, output_tokens: 1, service_tier: "standard", speed: "fast" };
    expect(read("anthropic.messages", body).serviceTier).toBe("fast");
  });
});

describe("Google", () => {
  test("thoughts and tool results are beside the counts they belong to", () => {
    const { usage } = read("google.generateContent", {
      promptTokenCount: 1000,
      cachedContentTokenCount: 400,
      toolUsePromptTokenCount: 50,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 70,
      totalTokenCount: 1140,
    });
    expect(usage).toEqual({
      input_tokens: 1050,
      cache_read_tokens: 400,
      output_tokens: 90,
      reasoning_tokens: 70,
    });
  });

  test("modalities that have a price of their own are told apart", () => {
    const { usage } = read("google.generateContent", {
      promptTokenCount: 1000,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 200 },
        { modality: "AUDIO", tokenCount: 800 },
      ],
      cachedContentTokenCount: 300,
      cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 300 }],
      candidatesTokenCount: 1300,
      candidatesTokensDetails: [
        { modality: "IMAGE", tokenCount: 1290 },
        { modality: "AUDIO", tokenCount: 4 },
      ],
    });
    expect(usage).toEqual({
      input_tokens: 1000,
      cache_read_tokens: 300,
      input_audio_tokens: 800,
      cache_read_audio_tokens: 300,
      output_tokens: 1300,
      output_audio_tokens: 4,
      units: { output_image_tokens: 1290 },
    });
  });

  test("an answer of thoughts alone is output", () => {
    expect(
      read("google.generateContent", { promptTokenCount: 5, thoughtsTokenCount: 9 }).usage,
    ).toEqual({
      input_tokens: 5,
      output_tokens: 9,
      reasoning_tokens: 9,
    });
  });

  test("the kind of traffic is a tier", () => {
    const body = { promptTokenCount: 5, trafficType: "ON_DEMAND_PRIORITY" };
    expect(read("google.generateContent", body).serviceTier).toBe("priority");
  });
});

describe("Bedrock", () => {
  test("cached tokens are beside inputTokens, and details give their lifetime", () => {
    const { usage } = read("bedrock.converse", {
      inputTokens: 100,
      outputTokens: 5,
      totalTokens: 6105,
      cacheReadInputTokens: 1000,
      cacheWriteInputTokens: 5000,
      cacheDetails: [
        { ttl: "1h", inputTokens: 3000 },
        { ttl: "5m", inputTokens: 2000 },
      ],
    });
    expect(usage).toEqual({
      input_tokens: 6100,
      cache_read_tokens: 1000,
      cache_write_5m_tokens: 2000,
      cache_write_1h_tokens: 3000,
      output_tokens: 5,
    });
  });

  test("a write without details is a 5-minute write", () => {
    const body = { inputTokens: 1, outputTokens: 1, cacheWriteInputTokens: 9 };
    expect(read("bedrock.converse", body).usage.cache_write_5m_tokens).toBe(9);
  });
});
