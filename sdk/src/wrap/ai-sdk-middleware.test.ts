import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModelV2 } from "@ai-sdk/provider";
import { embed, generateText, streamText, wrapEmbeddingModel, wrapLanguageModel } from "ai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeProvider, openFakeProvider } from "../testing/fake-provider.ts";
import { openPlainGuard } from "../testing/open-plain-guard.ts";
import { readAll } from "../testing/read-all.ts";
import { CHAT_USAGE } from "../testing/recorded-streams.ts";
import { aiSdkMiddleware } from "./ai-sdk-middleware.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await openFakeProvider();
});
afterAll(() => provider.close());

const prompt = "How is the sky?";

function open(options: { reroute?: string; model?: string } = {}) {
  const outlay = openPlainGuard(options);
  const openai = createOpenAI({ apiKey: "k", baseURL: provider.url });
  const middleware = aiSdkMiddleware(outlay, { tags: { feature: "chat" } });
  const model = wrapLanguageModel({ model: openai.chat(options.model ?? "gpt-4o"), middleware });
  return { outlay, openai, middleware, model };
}

test("generateText's step is a call, with the provider's usage as it keeps it", async () => {
  const { outlay, model } = open();
  const { text } = await generateText({ model, prompt, maxOutputTokens: 20 });
  expect(text).toBe('{"sky":"sunny"}');
  const call = outlay.one();
  expect(call.tags).toMatchObject({
    provider: "openai",
    model: "gpt-4o",
    maxOutputTokens: 20,
    feature: "chat",
  });
  expect(call.read).toMatchObject({
    model: "gpt-4o",
    responseId: "chatcmpl-1",
    inputTokens: 1200,
    outputTokens: 5,
  });
  expect(call.read?.rawUsage?.api).toBe("openai.chat_completions");
  expect(CHAT_USAGE).toMatchObject(call.read?.rawUsage?.body ?? {});
});

test("streamText's stream is the same to its reader, and its usage is told at its end", async () => {
  const { outlay, model } = open();
  const result = streamText({ model, prompt });
  expect((await readAll(result.textStream)).join("")).toBe("Sunny");
  const { how, isFirstTold, read } = outlay.one();
  expect({ how, isFirstTold }).toEqual({ how: "done", isFirstTold: true });
  expect(read).toMatchObject({
    inputTokens: 1200,
    cacheReadTokens: 1024,
    responseId: "chatcmpl-1",
  });
});

test("a switch ends a running stream with its reason, and the next call is not made", async () => {
  const { outlay, model } = open({ model: "endless-1" });
  const result = streamText({ model, prompt });
  const reading = async (): Promise<void> => {
    for await (const _text of result.textStream) outlay.halt();
  };
  await expect(reading()).rejects.toThrow("switched off by ada");
  await provider.gone();
  expect(outlay.one()).toMatchObject({
    how: "cancelled",
    outputBytes: 3,
    read: { rawUsage: null },
  });
  const count = provider.asked.length;
  await expect(generateText({ model, prompt })).rejects.toThrow("switched off by ada");
  expect(provider.asked).toHaveLength(count);
});

test("the model of a reroute is called", async () => {
  const { outlay, model } = open({ reroute: "gpt-4o-mini" });
  await generateText({ model, prompt });
  expect(provider.asked.at(-1)?.body.model).toBe("gpt-4o-mini");
  expect(outlay.one().read?.model).toBe("gpt-4o-mini");
});

test("embeddings are guarded by the same middleware", async () => {
  const { outlay, openai, middleware } = open();
  const model = wrapEmbeddingModel({
    model: openai.embedding("text-embedding-3-small"),
    middleware,
  });
  await embed({ model, value: "x" }).catch(() => {});
  expect(outlay.one().tags.model).toBe("text-embedding-3-small");
});

test("a model of the older specification is guarded too, and its counts are told in our words", async () => {
  const { outlay, middleware } = open();
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
  expect(outlay.one().read).toMatchObject({
    rawUsage: null,
    usage: { input_tokens: 125, cache_read_tokens: 100, output_tokens: 9 },
    inputTokens: 125,
  });
});
