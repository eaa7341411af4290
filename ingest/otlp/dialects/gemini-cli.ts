import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Gemini CLI. Source: https://geminicli.com/docs/cli/telemetry */
export const geminiCli: Dialect = {
  name: "gemini-cli",
  marks: { scopes: ["gemini-cli"], services: ["gemini-cli"] },
  kinds: [
    {
      at: "gen_ai.operation.name",
      is: {
        llm_call: "llm",
        tool_call: "tool",
        agent_call: "agent",
        user_prompt: "agent",
        system_prompt: "step",
        schedule_tool_calls: "step",
      },
    },
    { name: /^llm_call$/, is: "llm" },
    { name: /^tool_call$/, is: "tool" },
  ],
  facts: {
    // It says no provider where it speaks to the Gemini API, and the model is one of several makers.
    requestedModel: ["gen_ai.request.model", "model"],
    toolName: ["gen_ai.tool.name", "function_name"],
    toolCallId: ["gen_ai.tool.call_id", "gen_ai.tool.call.id"],
    session: ["session.id", "gen_ai.conversation.id", "resource:session.id"],
    user: ["user.email"],
  },
  tokens: {
    input: ["gen_ai.usage.input_tokens", "input_token_count"],
    output: ["gen_ai.usage.output_tokens", "output_token_count"],
    total: ["total_token_count"],
    besideInput: ["tool_token_count"],
    cacheRead: ["cached_content_token_count"],
    reasoning: ["thoughts_token_count"],
  },
  outputWithoutReasoning: "all",
  metadata: ["auth_type"],
};
