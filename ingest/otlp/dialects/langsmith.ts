import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * LangSmith's SDKs with LANGSMITH_OTEL_ENABLED. Its own word for the span comes before `gen_ai.operation.name`, which
 * is `chat` on a prompt template too. Source: https://docs.langchain.com/langsmith/trace-with-opentelemetry
 */
export const langsmith: Dialect = {
  name: "langsmith",
  marks: { scopes: ["langsmith"], attributes: ["langsmith."] },
  kinds: [
    {
      at: "langsmith.span.kind",
      is: { llm: "llm", embedding: "llm", tool: "tool", agent: "agent", "*": "step" },
    },
  ],
  facts: {
    requestedModel: ["gen_ai.request.model", "langsmith.metadata.ls_model_name"],
    provider: ["langsmith.metadata.ls_provider"],
    model: [
      "gen_ai.response.model",
      "gen_ai.completion > generations.0.0.message.kwargs.response_metadata.model_name",
      "gen_ai.completion > generations.0.0.message.kwargs.response_metadata.model",
    ],
    responseId: [
      "gen_ai.response.id",
      "gen_ai.completion > id",
      "gen_ai.completion > generations.0.0.message.kwargs.id",
    ],
    session: [
      "langsmith.metadata.session_id",
      "langsmith.metadata.thread_id",
      "langsmith.metadata.conversation_id",
    ],
    user: ["langsmith.metadata.user_id", "langsmith.metadata.userId"],
    agent: [
      "langsmith.metadata.agent",
      "langsmith.metadata.agent_name",
      "langsmith.metadata.lc_agent_name",
    ],
    feature: ["langsmith.metadata.feature"],
    task: ["langsmith.metadata.task"],
    taskType: ["langsmith.metadata.task_type"],
    serviceTier: ["gen_ai.response.service_tier"],
  },
  tokens: {
    input: ["langsmith.usage_metadata > input_tokens", "gen_ai.usage.input_tokens"],
    output: ["langsmith.usage_metadata > output_tokens", "gen_ai.usage.output_tokens"],
    total: ["langsmith.usage_metadata > total_tokens", "gen_ai.usage.total_tokens"],
    cacheRead: [
      "langsmith.usage_metadata > input_token_details.cache_read",
      "gen_ai.usage.input_token_details > cache_read",
    ],
    cacheWrite: [
      "langsmith.usage_metadata > input_token_details.cache_creation",
      "gen_ai.usage.input_token_details > cache_creation",
    ],
    cacheWrite5m: ["langsmith.usage_metadata > input_token_details.ephemeral_5m_input_tokens"],
    cacheWrite1h: ["langsmith.usage_metadata > input_token_details.ephemeral_1h_input_tokens"],
    reasoning: [
      "langsmith.usage_metadata > output_token_details.reasoning",
      "gen_ai.usage.output_token_details > reasoning",
    ],
    inputAudio: ["langsmith.usage_metadata > input_token_details.audio"],
    outputAudio: ["langsmith.usage_metadata > output_token_details.audio"],
  },
  metadata: ["langsmith.metadata.*", "langsmith.span.tags", "langsmith.trace.session_name"],
  content: {
    messages: ["gen_ai.prompt > messages", "gen_ai.prompt"],
    tools: ["gen_ai.prompt > tools"],
    completion: ["gen_ai.completion"],
  },
};
