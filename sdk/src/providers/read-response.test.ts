import { expect, test } from "vitest";
import {
  ANTHROPIC_USAGE,
  CHAT_USAGE,
  CONVERSE_USAGE,
  GOOGLE_USAGE,
  RESPONSES_USAGE,
} from "../testing/recorded-streams.ts";
import { readResponse } from "./read-response.ts";

const EMBEDDING_USAGE = { prompt_tokens: 8, total_tokens: 8 };
const WHOLE: [string, unknown, object][] = [
  [
    "openai.chat_completions",
    {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "gpt-4o",
      choices: [],
      usage: CHAT_USAGE,
    },
    CHAT_USAGE,
  ],
  [
    "openai.responses",
    { id: "resp_1", object: "response", model: "gpt-5", output: [], usage: RESPONSES_USAGE },
    RESPONSES_USAGE,
  ],
  [
    "openai.embeddings",
    {
      object: "list",
      data: [{ embedding: [0] }],
      model: "text-embedding-3-small",
      usage: EMBEDDING_USAGE,
    },
    EMBEDDING_USAGE,
  ],
  [
    "anthropic.messages",
    { id: "msg_1", type: "message", model: "claude-opus-4-5", content: [], usage: ANTHROPIC_USAGE },
    ANTHROPIC_USAGE,
  ],
  [
    "google.generateContent",
    {
      candidates: [],
      modelVersion: "gemini-2.5-pro",
      responseId: "r",
      usageMetadata: GOOGLE_USAGE,
    },
    GOOGLE_USAGE,
  ],
  [
    "bedrock.converse",
    { output: { message: {} }, stopReason: "end_turn", usage: CONVERSE_USAGE, metrics: {} },
    CONVERSE_USAGE,
  ],
];

test.each(WHOLE)(
  "the usage of a response of %s is handed on word for word",
  (api, response, usage) => {
    const read = readResponse(response, {});
    expect(read?.rawUsage?.api).toBe(api);
    expect(read?.rawUsage?.body).toBe(usage);
  },
);

test("an answer says its model, id and tier; the caller says whose API it is", () => {
  const response = {
    id: "c1",
    model: "llama-3.3-70b",
    choices: [],
    service_tier: "flex",
    usage: CHAT_USAGE,
  };
  expect(readResponse(response, { provider: "groq" })).toMatchObject({
    provider: "groq",
    model: "llama-3.3-70b",
    responseId: "c1",
    serviceTier: "flex",
    inputTokens: 1200,
    outputTokens: 5,
  });
  expect(readResponse(response, {})?.provider).toBeNull();
});

test("what the AI SDK counts is the provider's own object where it keeps that, else its counts in our words", () => {
  const kept = {
    usage: { inputTokens: { total: 1200 }, outputTokens: { total: 5 }, raw: CHAT_USAGE },
    response: { id: "chatcmpl-1", modelId: "gpt-4o" },
  };
  expect(readResponse(kept, { provider: "openai.chat" })).toMatchObject({
    rawUsage: { api: "openai.chat_completions", body: CHAT_USAGE },
    model: "gpt-4o",
    responseId: "chatcmpl-1",
  });
  const v5 = {
    usage: { inputTokens: 25, outputTokens: 9, cachedInputTokens: 100, reasoningTokens: 4 },
  };
  const words = { output_tokens: 9, cache_read_tokens: 100, reasoning_tokens: 4 };
  expect(readResponse(v5, { provider: "openai.chat" })?.usage).toEqual({
    ...words,
    input_tokens: 25,
  });
  expect(readResponse(v5, { provider: "amazon-bedrock" })?.usage).toEqual({
    ...words,
    input_tokens: 125,
  });
  const withMetadata = { ...v5, providerMetadata: { anthropic: { usage: ANTHROPIC_USAGE } } };
  expect(readResponse(withMetadata, {})?.rawUsage?.body).toBe(ANTHROPIC_USAGE);
  const ofThreeSteps = {
    totalUsage: { inputTokens: 3600, outputTokens: 15, inputTokenDetails: { noCacheTokens: 3600 } },
    usage: { inputTokens: 1200, outputTokens: 5, raw: CHAT_USAGE },
  };
  expect(readResponse(ofThreeSteps, {})?.usage).toEqual({ input_tokens: 3600, output_tokens: 15 });
});

test("a response that says nothing of a call is unknown, and no count is made up", () => {
  for (const value of [
    undefined,
    null,
    "text",
    7,
    [],
    {},
    { usage: null },
    { data: [] },
    new Date(),
  ]) {
    expect(readResponse(value, {})).toBeNull();
  }
  const bare = { id: "c1", model: "gpt-4o", choices: [{}] };
  expect(readResponse(bare, {})).toMatchObject({
    rawUsage: null,
    usage: null,
    inputTokens: null,
    outputTokens: null,
    model: "gpt-4o",
  });
});

test("a result of streamText is not touched: its getters would read the stream to the end", () => {
  const result = {
    consumeStream() {},
    get usage(): never {
      throw new Error("was read");
    },
  };
  expect(readResponse(result, {})).toBeNull();
});

test("a response that failed says how", () => {
  const failed = (code: string) => ({
    object: "response",
    status: "failed",
    output: [],
    error: { code },
  });
  expect(readResponse(failed("rate_limit_exceeded"), {})?.errorType).toBe("rate_limit");
  expect(readResponse(failed("server_error"), {})?.errorType).toBe("unknown");
});
