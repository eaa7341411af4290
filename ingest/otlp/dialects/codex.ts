import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * OpenAI's Codex. Its calls are told by log records; a turn's span may hold the turn's sum.
 * Source: https://developers.openai.com/codex/config-advanced/#observability-and-telemetry
 */
export const codex: Dialect = {
  name: "codex",
  marks: {
    attributes: ["codex."],
    scopes: ["codex"],
    services: ["codex_cli_rs", "codex-cli", "codex_exec", "codex"],
  },
  kinds: [
    { name: /^(session_task\.|turn|run_turn|session_loop)/, is: "agent" },
    {
      name: /^(handle_responses|stream_request|responses_(http|websocket)|model_client)/,
      is: "step",
    },
  ],
  facts: {
    requestedModel: ["model", "gen_ai.request.model"],
    // Rust's spans have the operating system's thread under the same name, as a number.
    session: ["conversation.id", "text:thread.id", "thread_id", "session_id"],
    user: ["user.email", "user.account_id"],
    task: ["turn.id", "turn_id"],
    toolName: ["tool_name"],
    toolCallId: ["call_id"],
  },
  tokens: {
    input: ["codex.turn.token_usage.input_tokens", "codex.usage.input_tokens", "input_token_count"],
    output: [
      "codex.turn.token_usage.output_tokens",
      "codex.usage.output_tokens",
      "output_token_count",
    ],
    cacheRead: [
      "codex.turn.token_usage.cached_input_tokens",
      "codex.usage.cached_input_tokens",
      "cached_token_count",
    ],
    cacheWrite: ["codex.turn.token_usage.cache_write_input_tokens"],
    reasoning: [
      "codex.turn.token_usage.reasoning_output_tokens",
      "codex.usage.reasoning_output_tokens",
      "reasoning_token_count",
    ],
  },
  metadata: ["originator", "auth_mode", "terminal.type"],
};
