import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Firebase Genkit: the model's whole answer stands as JSON text in `genkit:output`, its usage in it, and often what the
 * provider said itself. A `generate` around the turns of a loop repeats the last one's.
 * Source: https://genkit.dev/docs/observability/telemetry-collection/
 */
export const genkit: Dialect = {
  name: "genkit",
  marks: { scopes: ["genkit"], attributes: ["genkit:type", "genkit:name", "genkit:path"] },
  kinds: [
    {
      at: "genkit:metadata:subtype",
      is: {
        model: "llm",
        embedder: "llm",
        reranker: "llm",
        tool: "tool",
        "tool.v2": "tool",
        agent: "agent",
        flow: "agent",
        "*": "step",
      },
    },
    { at: "genkit:type", is: { "*": "step" } },
  ],
  facts: {
    model: [
      "genkit:output > raw.model",
      "genkit:output > raw.modelVersion",
      "genkit:output > custom.modelVersion",
    ],
    requestedModel: ["gen_ai.request.model", "genkit:input > model", "genkit:name"],
    responseId: [
      "genkit:output > raw.id",
      "genkit:output > raw.responseId",
      "genkit:output > custom.responseId",
    ],
    toolName: ["genkit:name"],
    agent: ["genkit:metadata:agentName"],
    session: ["genkit:sessionId"],
    taskType: ["genkit:metadata:flow:name"],
    error: ["genkit:failedSpan"],
  },
  tokens: {
    input: ["genkit:output > usage.inputTokens"],
    output: ["genkit:output > usage.outputTokens"],
    total: ["genkit:output > usage.totalTokens"],
    cacheRead: ["genkit:output > usage.cachedContentTokens"],
    reasoning: ["genkit:output > usage.thoughtsTokens"],
    characters: ["genkit:output > usage.characters"],
  },
  /** A flow, or an agent, bears its name. */
  agentName: /^.+$/,
  outputWithoutReasoning: ["google", "vertex"],
  inputWithoutCache: ["anthropic"],
  rawUsage: [
    { at: "genkit:output > raw.usage", api: "openai.chat_completions", has: "prompt_tokens" },
    { at: "genkit:output > raw.usage", api: "openai.responses", has: "input_tokens_details" },
    { at: "genkit:output > raw.usage", api: "anthropic.messages", has: "cache_read_input_tokens" },
    { at: "genkit:output > custom.usageMetadata", api: "google.generateContent" },
  ],
  content: {
    messages: ["genkit:input > messages", "genkit:input"],
    tools: ["genkit:input > tools"],
    completion: ["genkit:output > message", "genkit:output"],
  },
};
