import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** VoltAgent. Its estimates (`usage.prompt_context.*`) are no usage. Source: https://voltagent.dev/docs/observability/overview */
export const voltagent: Dialect = {
  name: "voltagent",
  marks: { scopes: ["@voltagent/"], attributes: ["voltagent."] },
  kinds: [
    {
      at: "span.type",
      is: { llm: "llm", embedding: "llm", tool: "tool", agent: "agent", "*": "step" },
    },
    { at: "agent.state", is: { "*": "agent" } },
    { at: "entity.type", is: { agent: "agent", workflow: "agent" } },
  ],
  facts: {
    requestedModel: ["llm.model", "ai.model.name"],
    toolName: ["tool.name"],
    toolCallId: ["tool.call.id"],
    agent: ["subagent.name", "entity.name", "agent.name"],
    user: ["user.id"],
    session: ["conversation.id", "voltagent.conversation_id"],
    task: ["voltagent.operation_id", "operation.id"],
    attempt: ["llm.attempt"],
  },
  tokens: {
    input: ["llm.usage.prompt_tokens", "usage.prompt_tokens"],
    output: ["llm.usage.completion_tokens", "usage.completion_tokens"],
    total: ["llm.usage.total_tokens", "usage.total_tokens"],
    cacheRead: ["llm.usage.cached_tokens", "usage.cached_tokens"],
    reasoning: ["llm.usage.reasoning_tokens", "usage.reasoning_tokens"],
  },
  content: {
    system: ["agent.instructions"],
    messages: ["llm.messages", "agent.messages", "input"],
    tools: ["llm.tools"],
    completion: ["llm.response", "output"],
  },
};
