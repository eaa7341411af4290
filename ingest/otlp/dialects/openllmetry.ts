import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * OpenLLMetry (Traceloop), in Python, TypeScript, Go and Ruby: the GenAI conventions' older names with its own beside.
 * Source: https://github.com/traceloop/openllmetry/blob/main/packages/opentelemetry-semantic-conventions-ai/opentelemetry/semconv_ai/__init__.py
 */
export const openllmetry: Dialect = {
  name: "openllmetry",
  marks: {
    attributes: ["traceloop.", "llm.request.type", "llm.usage.", "llm.is_streaming"],
    scopes: ["@traceloop/"],
  },
  kinds: [
    {
      at: "llm.request.type",
      is: { chat: "llm", completion: "llm", embedding: "llm", rerank: "llm" },
    },
    { at: "gen_ai.operation.name", is: { execute_tool: "tool" } },
    {
      at: "traceloop.span.kind",
      is: { tool: "tool", agent: "agent", workflow: "step", task: "step", "*": "step" },
    },
  ],
  facts: {
    responseId: ["gen_ai.response.id", "gen_ai.openai.response.id"],
    toolName: ["gen_ai.tool.name", "traceloop.entity.name"],
    agent: [
      "traceloop.association.properties.agent",
      "traceloop.association.properties.agent_name",
      "traceloop.association.properties.ai_agent_name",
      "gen_ai.agent.name",
    ],
    user: ["traceloop.association.properties.user_id", "traceloop.association.properties.userId"],
    session: [
      "traceloop.association.properties.session_id",
      "traceloop.association.properties.sessionId",
      "traceloop.association.properties.thread_id",
      "traceloop.association.properties.chat_id",
      "traceloop.association.properties.conversation_id",
    ],
    feature: ["traceloop.association.properties.feature"],
    task: ["traceloop.association.properties.task"],
    taskType: ["traceloop.workflow.name"],
  },
  agentName: /^(.+)\.agent$/,
  tokens: {
    input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens"],
    output: [
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.usage.completion_tokens",
    ],
    total: ["llm.usage.total_tokens", "gen_ai.usage.total_tokens"],
    cacheRead: ["gen_ai.usage.cache_read_input_tokens", "llm.usage.cache_read_input_tokens"],
    cacheWrite: [
      "gen_ai.usage.cache_creation_input_tokens",
      "llm.usage.cache_creation_input_tokens",
    ],
    reasoning: ["gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens"],
  },
  metadata: ["traceloop.association.properties.*", "traceloop.entity.name"],
  content: {
    messages: ["gen_ai.prompt.*", "traceloop.entity.input"],
    tools: ["llm.request.functions.*"],
    completion: ["gen_ai.completion.*", "traceloop.entity.output"],
  },
};
