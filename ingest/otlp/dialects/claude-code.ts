import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Claude Code. Source: https://code.claude.com/docs/en/monitoring-usage */
export const claudeCode: Dialect = {
  name: "claude-code",
  marks: { scopes: ["com.anthropic.claude_code"] },
  kinds: [
    {
      at: "span.type",
      is: {
        llm_request: "llm",
        tool: "tool",
        interaction: "agent",
        subagent: "agent",
        "*": "step",
      },
    },
  ],
  facts: {
    model: ["model"],
    requestedModel: ["gen_ai.request.model"],
    responseId: ["gen_ai.response.id", "response_id"],
    toolName: ["tool_name"],
    toolCallId: ["tool_use_id"],
    agent: ["agent_name", "agent.name", "agent_id"],
    user: ["user.email", "user.account_uuid", "user.id"],
    session: ["session.id"],
    task: ["prompt.id"],
    costUsd: ["cost_usd"],
    attempt: ["attempt"],
    success: ["success"],
    error: ["error", "status_code"],
    timeToFirstTokenMs: ["ttft_ms"],
  },
  tokens: {
    input: ["input_tokens"],
    output: ["output_tokens"],
    cacheRead: ["cache_read_tokens"],
    cacheWrite: ["cache_creation_tokens"],
  },
  inputWithoutCache: "all",
  metadata: ["query_source", "organization.id", "agent_id"],
  content: {
    system: ["system_prompt"],
    messages: ["new_context", "user_prompt"],
    completion: ["response.model_output", "tool_output"],
    tools: ["tools", "tool_input"],
  },
};
