import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * Codex's events (CLI, IDE and app): a finished response tells its tokens in `codex.sse_event`, over HTTP and over a
 * web socket alike; the same kind of event without tokens, and every other kind, is a piece of the stream. Requests
 * that failed tell so themselves. Counts are OpenAI's: input holds what was cached, output what was reasoned, and
 * `tool_token_count` is the total. No duration is told.
 * Source: https://github.com/openai/codex/blob/main/codex-rs/otel/src/events/session_telemetry.rs
 */
export const codexLogs: LogDialect = {
  name: "codex",
  codingAgent: "codex",
  // Whichever of its programs wrote it: they name the service after themselves, and all events begin alike.
  marks: { scopes: ["codex"], services: ["codex_cli_rs", "codex_exec", "codex_vscode"] },
  events: {
    "codex.sse_event": {
      is: "llm",
      needs: ["input_token_count", "output_token_count", "error.message"],
      // A piece that could not be read is not yet a response that failed.
      unless: { "event.kind": /^(?!response\.(completed|failed)$)./ },
    },
    "codex.api_request": {
      is: "llm",
      isFailure: true,
      needs: ["error.message", "http.response.status_code"],
      unless: {
        "http.response.status_code": /^[123]/,
        // It asks for the list of models and for other things too.
        endpoint: /^(?!.*responses)(?!unknown$)./,
      },
    },
    "codex.websocket_request": { is: "llm", isFailure: true, needs: ["error.message"] },
    "codex.tool_result": { is: "tool" },
  },
  durationMs: ["duration_ms"],
  facts: {
    success: ["success"],
    model: ["model", "slug"],
    toolCallId: ["call_id"],
    toolName: ["tool_name"],
    user: ["user.email", "user.account_id"],
    session: ["conversation.id"],
    error: ["http.response.status_code", "error.message"],
  },
  tokens: {
    input: ["input_token_count"],
    output: ["output_token_count"],
    cacheRead: ["cached_token_count"],
    reasoning: ["reasoning_token_count"],
  },
  metadata: ["originator", "auth_mode"],
};
