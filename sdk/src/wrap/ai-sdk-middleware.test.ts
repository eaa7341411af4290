import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModelV2 } from "@ai-sdk/provider";
import { embed, generateText, streamText, wrapEmbeddingModel, wrapLanguageModel } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeProvider, openFakeProvider } from "../testing/fake-provider.ts";
import { openGuard } from "../testing/open-guard.ts";
import { readAll } from "../testing/read-all.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await openFakeProvider();
});
afterAll(() => provider.close());

const prompt = "How is the sky?";

async function open(options: { reroute?: string; model?: string } = {}) {
  const world = await openGuard(options);
  const openai = createOpenAI({ apiKey: "k", baseURL: provider.url });
  const middleware = world.outlay.aiSdkMiddleware({ tags: { feature: "chat" } });
  const model = wrapLanguageModel({ model: openai.chat(options.model ?? "gpt-4o"), middleware });
  return { ...world, openai, middleware, model };
}

const CHAT = {
  api: "openai.chat_completions",
  body: {
    prompt_tokens: 1200,
    completion_tokens: 5,
    total_tokens: 1205,
    prompt_tokens_details: { cached_tokens: 1024 },
  },
};

test("generateText's step is a call, with the provider's usage as the AI SDK keeps it", async () => {
  const { one, model } = await open();
  const { text } = await generateText({ model, prompt });
  expect(text).toBe('{"sky":"sunny"}');
  expect(await one()).toMatchObject({
    raw_usage: CHAT,
    provider: "openai",
    model: "gpt-4o",
    feature: "chat",
    metadata: { response_id: "chatcmpl-1" },
  });
});

test("streamText's stream is the same to its reader, and its usage is told at its end", async () => {
  const { one, model } = await open();
  const result = streamText({ model, prompt });
  expect((await readAll(result.textStream)).join("")).toBe("Sunny");
  expect(await one()).toMatchObject({
    raw_usage: CHAT,
    status: "ok",
    time_to_first_token_ms: expect.any(Number),
  });
});

test("a switch ends a running stream with its reason, and the next call is not made", async () => {
  const { one, halt, model } = await open({ model: "endless-1" });
  const result = streamText({ model, prompt });
  const reading = async (): Promise<void> => {
    for await (const _text of result.textStream) void halt();
  };
  await expect(reading()).rejects.toThrow("was engaged by Ada");
  await provider.gone();
  expect(await one()).toMatchObject({ usage_source: "estimated", error_type: "cancelled" });
  const count = provider.asked.length;
  await expect(generateText({ model, prompt })).rejects.toThrow("was engaged by Ada");
  expect(provider.asked).toHaveLength(count);
});

test("the model of a reroute is called, and the worst case was asked for", async () => {
  const { one, wishes, model } = await open({ reroute: "gpt-4o-mini" });
  await generateText({ model, prompt, maxOutputTokens: 20 });
  expect(provider.asked.at(-1)?.body.model).toBe("gpt-4o-mini");
  expect(wishes()).toMatchObject([{ estimated_usage: { max_output_tokens: 20 } }]);
  expect(await one()).toMatchObject({ model: "gpt-4o-mini", requested_model: "gpt-4o" });
});

test("embeddings are guarded by the same middleware", async () => {
  const { one, openai, middleware } = await open();
  const model = wrapEmbeddingModel({
    model: openai.embedding("text-embedding-3-small"),
    middleware,
  });
  const { usage } = await embed({ model, value: "x" });
  expect(usage.tokens).toBe(8);
  expect(await one()).toMatchObject({
    model: "text-embedding-3-small",
    usage: { input_tokens: 8 },
  });
});

test("a model of the older specification is guarded too, and its counts are told in our words", async () => {
  const { one, middleware } = await open();
  const old: LanguageModelV2 = {
    specificationVersion: "v2",
    provider: "anthropic.messages",
    modelId: "claude-sonnet-4-5",
    supportedUrls: {},
    doGenerate: async () => ({
      content: [{ type: "text", text: "Sunny" }],
      finishReason: "stop",
      usage: { inputTokens: 25, outputTokens: 9, totalTokens: 34, cachedInputTokens: 100 },
      warnings: [],
    }),
    doStream: () => Promise.reject(new Error("not asked for")),
  };
  await generateText({ model: wrapLanguageModel({ model: old, middleware }), prompt });
  expect(await one()).toMatchObject({
    provider: "anthropic",
    usage: { input_tokens: 125, cache_read_tokens: 100, output_tokens: 9 },
  });
});
