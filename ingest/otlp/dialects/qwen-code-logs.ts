import { geminiCliLogs } from "@/ingest/otlp/dialects/gemini-cli-logs";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * Qwen Code grew out of Gemini CLI, and its names are that one's with another prefix. It asks OpenAI's kind of API,
 * where output holds what was reasoned; the total says so where it is otherwise.
 * Source: https://github.com/QwenLM/qwen-code/blob/main/docs/developers/development/telemetry.md
 */
export const qwenCodeLogs: LogDialect = {
  ...geminiCliLogs,
  name: "qwen-code",
  marks: { scopes: ["qwen-code"], services: ["qwen-code"] },
  codingAgent: "qwen-code",
  events: {
    "qwen-code.api_response": { is: "llm", needs: ["input_token_count", "output_token_count"] },
    "qwen-code.api_error": { is: "llm", isFailure: true },
    "qwen-code.tool_call": { is: "tool" },
  },
  facts: {
    ...geminiCliLogs.facts,
    agent: ["subagent_name"],
    responseId: ["response_id"],
    session: ["session.id", "sessionId", "resource:session.id"],
    error: ["status_code", "error_type", "error"],
  },
  outputWithoutReasoning: [],
};
