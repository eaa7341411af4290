import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Microsoft's Semantic Kernel and Agent Framework, AutoGen and the Azure AI SDKs, beside the GenAI conventions.
 * Source: https://learn.microsoft.com/en-us/semantic-kernel/concepts/enterprise-readiness/observability/
 */
export const semanticKernel: Dialect = {
  name: "semantic-kernel",
  marks: {
    scopes: [
      "Microsoft.SemanticKernel",
      "semantic_kernel",
      "Microsoft.Extensions.AI",
      "Experimental.Microsoft",
      "agent_framework",
      "autogen",
      "Azure.AI",
    ],
    attributes: ["gen_ai.azure."],
  },
  kinds: [
    { name: /^(chat|text|embeddings)\.(completions|generation)/, is: "llm" },
    { name: /^autogen (process|publish|send|ack|create)/, is: "step" },
  ],
  facts: {
    session: ["gen_ai.conversation.id", "gen_ai.thread.id"],
    responseId: ["gen_ai.response.id", "gen_ai.openai.response.id"],
  },
  tokens: {
    input: [
      "gen_ai.usage.input_tokens",
      "gen_ai.response.prompt_tokens",
      "gen_ai.usage.prompt_tokens",
    ],
    output: [
      "gen_ai.usage.output_tokens",
      "gen_ai.response.completion_tokens",
      "gen_ai.usage.completion_tokens",
    ],
  },
  content: {
    messages: ["event:gen_ai.event.content"],
  },
};
