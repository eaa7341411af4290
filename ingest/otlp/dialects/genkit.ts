import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Firebase Genkit: the model's whole answer stands as JSON text in `genkit:output`, and its usage in it.
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
    requestedModel: ["gen_ai.request.model", "genkit:name"],
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
  outputWithoutReasoning: ["google", "vertex"],
  content: {
    messages: ["genkit:input > messages", "genkit:input"],
    tools: ["genkit:input > tools"],
    completion: ["genkit:output > message", "genkit:output"],
  },
};
