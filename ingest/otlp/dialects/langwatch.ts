import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** LangWatch's SDKs. Source: https://langwatch.ai/docs/integration/opentelemetry/guide */
export const langwatch: Dialect = {
  name: "langwatch",
  marks: { scopes: ["langwatch"], attributes: ["langwatch."] },
  kinds: [
    {
      at: "langwatch.span.type",
      is: { llm: "llm", embedding: "llm", tool: "tool", agent: "agent", "*": "step" },
    },
  ],
  facts: {
    session: ["langwatch.thread.id", "langwatch.thread_id"],
    user: ["langwatch.user.id", "langwatch.user_id"],
    feature: ["langwatch.feature"],
    provider: ["langwatch.langchain.run.metadata.ls_provider"],
    costUsd: ["langwatch.metrics > value.cost", "langwatch.metrics > cost"],
  },
  tokens: {
    input: [
      "langwatch.metrics > value.promptTokens",
      "langwatch.metrics > value.prompt_tokens",
      "langwatch.metrics > prompt_tokens",
    ],
    output: [
      "langwatch.metrics > value.completionTokens",
      "langwatch.metrics > value.completion_tokens",
      "langwatch.metrics > completion_tokens",
    ],
    reasoning: [
      "langwatch.metrics > value.reasoningTokens",
      "langwatch.metrics > value.reasoning_tokens",
    ],
    cacheRead: [
      "langwatch.metrics > value.cacheReadInputTokens",
      "langwatch.metrics > value.cache_read_input_tokens",
    ],
  },
  metadata: ["langwatch.customer.id", "langwatch.labels", "langwatch.metadata.*"],
  content: {
    messages: ["langwatch.input > value", "langwatch.input"],
    completion: ["langwatch.output > value", "langwatch.output"],
  },
};
