import type { Dialect } from "@/ingest/otlp/dialects/dialect";

const USAGE = "langfuse.observation.usage_details";

/**
 * Langfuse's SDKs from version 3 on. In its own words (`input`, `input_cached_tokens`) no part is in another; OpenAI's
 * words inside the same text keep OpenAI's meaning.
 * Source: https://langfuse.com/integrations/native/opentelemetry#property-mapping
 */
export const langfuse: Dialect = {
  name: "langfuse",
  marks: {
    scopes: ["langfuse-sdk"],
    attributes: ["langfuse.observation.type", "langfuse.observation.model.name", USAGE],
  },
  kinds: [
    {
      at: "langfuse.observation.type",
      is: {
        generation: "llm",
        embedding: "llm",
        tool: "tool",
        agent: "agent",
        event: "step",
        "*": "step",
      },
    },
  ],
  facts: {
    model: ["langfuse.observation.model.name", "langfuse.observation.output > model"],
    // Of an answer of OpenAI's Responses API only the message is written, and its id is not the response's.
    user: ["langfuse.user.id", "user.id", "langfuse.trace.metadata.user_id"],
    session: ["langfuse.session.id", "session.id", "langfuse.trace.metadata.session_id"],
    agent: ["langfuse.observation.metadata.agent", "langfuse.trace.metadata.agent"],
    feature: ["langfuse.observation.metadata.feature", "langfuse.trace.metadata.feature"],
    taskType: ["langfuse.trace.name"],
    costUsd: ["langfuse.observation.cost_details > total"],
    failure: ["langfuse.observation.status_message"],
    provider: ["langfuse.observation.metadata.ls_provider"],
  },
  tokens: {
    input: [
      `${USAGE} > input`,
      `${USAGE} > prompt_tokens`,
      `${USAGE} > input_tokens`,
      `${USAGE} > promptTokens`,
    ],
    output: [
      `${USAGE} > output`,
      `${USAGE} > completion_tokens`,
      `${USAGE} > output_tokens`,
      `${USAGE} > completionTokens`,
    ],
    total: [`${USAGE} > total`, `${USAGE} > total_tokens`, `${USAGE} > totalTokens`],
    cacheRead: [
      `${USAGE} > input_cached_tokens`,
      `${USAGE} > input_cache_read`,
      `${USAGE} > cache_read_input_tokens`,
      `${USAGE} > cached`,
      `${USAGE} > cache_read`,
      `${USAGE} > prompt_tokens_details.cached_tokens`,
      `${USAGE} > input_tokens_details.cached_tokens`,
    ],
    cacheWrite: [
      `${USAGE} > input_cache_creation`,
      `${USAGE} > cache_creation_input_tokens`,
      `${USAGE} > cache_write`,
    ],
    cacheWrite5m: [
      `${USAGE} > input_cache_creation_5m`,
      `${USAGE} > input_ephemeral_5m_input_tokens`,
    ],
    cacheWrite1h: [
      `${USAGE} > input_cache_creation_1h`,
      `${USAGE} > input_ephemeral_1h_input_tokens`,
    ],
    reasoning: [
      `${USAGE} > output_reasoning_tokens`,
      `${USAGE} > output_reasoning`,
      `${USAGE} > completion_tokens_details.reasoning_tokens`,
      `${USAGE} > output_tokens_details.reasoning_tokens`,
    ],
  },
  // Its wrappers set no status of the span.
  failedWhere: { "langfuse.observation.level": /^error$/i },
  agentName: /^.+$/,
  inputWithoutCache: "all",
  outputWithoutReasoning: "all",
  rawUsage: [
    { at: USAGE, api: "openai.chat_completions", has: "prompt_tokens" },
    { at: USAGE, api: "openai.responses", has: "input_tokens_details" },
    {
      at: "langfuse.observation.output > usage",
      api: "openai.chat_completions",
      has: "prompt_tokens",
    },
    {
      at: "langfuse.observation.output > usage",
      api: "anthropic.messages",
      has: "cache_read_input_tokens",
    },
  ],
  metadata: [
    "langfuse.trace.tags",
    "langfuse.environment",
    "langfuse.release",
    "langfuse.trace.metadata.*",
    "langfuse.observation.metadata.*",
  ],
  content: {
    messages: ["langfuse.observation.input"],
    completion: ["langfuse.observation.output"],
  },
};
