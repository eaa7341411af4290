/**
 * What providers' clients give out for one streamed answer, chunk by chunk, in the shapes that their sources declare
 * (anthropic-sdk-typescript 0.9x `RawMessageStreamEvent`, js-genai 1.x `GenerateContentResponse`, OpenAI's own API).
 */
export const ANTHROPIC_STREAM = [
  {
    type: "message_start",
    message: {
      id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      type: "message",
      role: "assistant",
      content: [],
      model: "claude-sonnet-4-5-20250929",
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 25,
        cache_creation_input_tokens: 400,
        cache_read_input_tokens: 1200,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 300 },
        output_tokens: 1,
        service_tier: "standard",
      },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hmm" } },
  {
    type: "content_block_delta",
    index: 0,
    delta: {
      type: "signature_delta",
      signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk",
    },
  },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Sunny ☀" } },
  { type: "content_block_stop", index: 1 },
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_01", name: "get_weather", input: {} },
  },
  {
    type: "content_block_delta",
    index: 2,
    delta: { type: "input_json_delta", partial_json: '{"city":"Oslo"}' },
  },
  { type: "content_block_stop", index: 2 },
  {
    type: "message_delta",
    delta: { stop_reason: "tool_use", stop_sequence: null },
    usage: {
      input_tokens: null,
      cache_creation_input_tokens: null,
      output_tokens: 89,
      server_tool_use: { web_search_requests: 2 },
    },
  },
  { type: "message_stop" },
];

/** The usage of the whole of it: the end's counts over the start's. */
export const ANTHROPIC_USAGE = {
  input_tokens: 25,
  cache_creation_input_tokens: 400,
  cache_read_input_tokens: 1200,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 300 },
  output_tokens: 89,
  service_tier: "standard",
  server_tool_use: { web_search_requests: 2 },
};

export const GOOGLE_USAGE = {
  promptTokenCount: 1000,
  cachedContentTokenCount: 600,
  candidatesTokenCount: 12,
  thoughtsTokenCount: 40,
  totalTokenCount: 1052,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 1000 }],
  trafficType: "ON_DEMAND",
};

const GOOGLE_HEAD = { modelVersion: "gemini-2.5-flash", responseId: "mAitaLmkHPPlz7IPvtfUqQ4" };

export const GOOGLE_STREAM = [
  {
    ...GOOGLE_HEAD,
    candidates: [
      { index: 0, content: { role: "model", parts: [{ text: "Let me see", thought: true }] } },
    ],
    usageMetadata: { promptTokenCount: 1000, thoughtsTokenCount: 10, totalTokenCount: 1010 },
  },
  {
    ...GOOGLE_HEAD,
    candidates: [{ index: 0, content: { role: "model", parts: [{ text: "Sunny" }] } }],
    usageMetadata: {
      promptTokenCount: 1000,
      candidatesTokenCount: 2,
      thoughtsTokenCount: 40,
      totalTokenCount: 1042,
    },
  },
  {
    ...GOOGLE_HEAD,
    candidates: [
      {
        index: 0,
        content: {
          role: "model",
          parts: [{ functionCall: { name: "get_weather", args: { city: "Oslo" } } }],
        },
        finishReason: "STOP",
      },
    ],
    usageMetadata: GOOGLE_USAGE,
  },
];

export const RESPONSES_USAGE = {
  input_tokens: 36,
  input_tokens_details: { cached_tokens: 30 },
  output_tokens: 87,
  output_tokens_details: { reasoning_tokens: 64 },
  total_tokens: 123,
};

const RESPONSE = {
  id: "resp_67ccd2bed1ec8190b14f964abc054267",
  object: "response",
  model: "gpt-5-2025-08-07",
  error: null,
  output: [],
};

export const RESPONSES_STREAM = [
  { type: "response.created", response: { ...RESPONSE, status: "in_progress", usage: null } },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { id: "msg_1", type: "message", role: "assistant", content: [] },
  },
  {
    type: "response.content_part.added",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    part: { type: "output_text", text: "", annotations: [] },
  },
  {
    type: "response.output_text.delta",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta: "Sunny",
  },
  {
    type: "response.output_text.done",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    text: "Sunny",
  },
  {
    type: "response.completed",
    response: {
      ...RESPONSE,
      status: "completed",
      service_tier: "priority",
      output: [
        { type: "web_search_call", id: "ws_1", status: "completed" },
        { type: "message", content: [{ type: "output_text", text: "Sunny" }] },
      ],
      usage: RESPONSES_USAGE,
    },
  },
];

export const CHAT_USAGE = {
  prompt_tokens: 1200,
  completion_tokens: 5,
  total_tokens: 1205,
  prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};

const CHUNK = { id: "chatcmpl-1", object: "chat.completion.chunk", model: "gpt-4o-2024-08-06" };

export const CHAT_STREAM = [
  { ...CHUNK, choices: [{ index: 0, delta: { role: "assistant", content: "" } }], usage: null },
  { ...CHUNK, choices: [{ index: 0, delta: { content: "Sun" } }], usage: null },
  { ...CHUNK, choices: [{ index: 0, delta: { content: "ny" } }], usage: null },
  { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: null },
  { ...CHUNK, choices: [], usage: CHAT_USAGE, service_tier: "default" },
];

/** Bedrock's ConverseStream. */
export const CONVERSE_USAGE = {
  inputTokens: 20,
  cacheReadInputTokens: 500,
  cacheWriteInputTokens: 0,
  outputTokens: 7,
  totalTokens: 527,
};

export const CONVERSE_STREAM = [
  { messageStart: { role: "assistant" } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Sunny" } } },
  { contentBlockStop: { contentBlockIndex: 0 } },
  { messageStop: { stopReason: "end_turn" } },
  { metadata: { usage: CONVERSE_USAGE, metrics: { latencyMs: 551 } } },
];

/** The AI SDK's `doStream` of a model of specification v3 or v4. */
export const AI_SDK_STREAM = [
  { type: "stream-start", warnings: [] },
  { type: "response-metadata", id: "chatcmpl-1", modelId: "gpt-4o-2024-08-06" },
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta: "Sunny" },
  { type: "text-end", id: "0" },
  {
    type: "finish",
    finishReason: { unified: "stop", raw: "stop" },
    usage: {
      inputTokens: { total: 1200, noCache: 176, cacheRead: 1024, cacheWrite: undefined },
      outputTokens: { total: 5, text: 5, reasoning: 0 },
      raw: CHAT_USAGE,
    },
  },
];
