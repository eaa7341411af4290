import { geminiCli } from "@/ingest/otlp/dialects/gemini-cli";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * Gemini CLI's own events: input holds what was cached, output leaves out thoughts. Each call is told by the GenAI
 * event of `gen-ai-logs.ts` too, which knows neither.
 * Source: https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/telemetry.md, and captures.
 */
export const geminiCliLogs: LogDialect = {
  ...geminiCli,
  marks: { scopes: ["gemini-cli"], services: ["gemini-cli"] },
  codingAgent: "gemini-cli",
  events: {
    "gemini_cli.api_response": { is: "llm", needs: ["input_token_count", "output_token_count"] },
    "gemini_cli.api_error": { is: "llm", isFailure: true },
    "gemini_cli.tool_call": { is: "tool" },
  },
  durationMs: ["duration_ms"],
  facts: {
    ...geminiCli.facts,
    model: ["model"],
    success: ["success"],
    error: ["status_code", "http.status_code", "error.type", "error"],
  },
  content: { completion: ["response_text"] },
};
