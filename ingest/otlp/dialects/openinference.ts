import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * OpenInference: Arize Phoenix's instrumentations, also smolagents, LlamaIndex, Agno, DSPy, BeeAI, Haystack, CrewAI…
 * Source: https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */
export const openinference: Dialect = {
  name: "openinference",
  marks: {
    attributes: ["openinference.", "llm.token_count.", "llm.model_name"],
    scopes: ["@arizeai/openinference", "openinference."],
  },
  kinds: [
    {
      at: "openinference.span.kind",
      is: {
        llm: "llm",
        embedding: "llm",
        reranker: "llm",
        tool: "tool",
        agent: "agent",
        "*": "step",
      },
    },
  ],
  facts: {
    provider: ["llm.provider", "llm.system", "metadata > ls_provider"],
    model: [
      "llm.response.model_name",
      "output.value > model",
      "output.value > modelVersion",
      "output.value > generations.0.0.message.kwargs.response_metadata.model_name",
      "output.value > generations.0.0.message.kwargs.response_metadata.model",
      "llm.model_name",
      "embedding.model_name",
      "reranker.model_name",
    ],
    requestedModel: [
      "llm.request.model_name",
      "llm.invocation_parameters > model",
      "metadata > ls_model_name",
      "embedding.model_name",
      "reranker.model_name",
    ],
    responseId: [
      "llm.response.id",
      "output.value > id",
      "output.value > responseId",
      "output.value > generations.0.0.message.kwargs.id",
    ],
    toolName: ["tool.name"],
    toolCallId: [
      "tool.id",
      "tool_call.id",
      "output.value > kwargs.tool_call_id",
      "output.value > tool_call_id",
    ],
    agent: ["agent.name", "metadata > agent", "metadata > agent_name", "metadata > lc_agent_name"],
    session: [
      "session.id",
      "metadata > session_id",
      "metadata > sessionId",
      "metadata > thread_id",
      "metadata > conversation_id",
    ],
    user: ["user.id", "metadata > user_id", "metadata > userId"],
    feature: ["metadata > feature"],
    task: ["metadata > task"],
    taskType: ["metadata > task_type"],
    serviceTier: ["output.value > service_tier"],
    costUsd: ["llm.cost.total"],
  },
  tokens: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cacheRead: ["llm.token_count.prompt_details.cache_read"],
    cacheWrite: ["llm.token_count.prompt_details.cache_write"],
    cacheWrite5m: ["output.value > usage.cache_creation.ephemeral_5m_input_tokens"],
    cacheWrite1h: ["output.value > usage.cache_creation.ephemeral_1h_input_tokens"],
    inputAudio: ["llm.token_count.prompt_details.audio"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
    outputAudio: ["llm.token_count.completion_details.audio"],
  },
  metadata: ["metadata", "tag.tags"],
  content: {
    messages: ["llm.input_messages.*", "input.value", "embedding.embeddings.*"],
    tools: ["llm.tools.*"],
    completion: ["llm.output_messages.*", "output.value"],
  },
};
