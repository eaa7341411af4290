import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";
import { qwenCodeLogs } from "@/ingest/otlp/dialects/qwen-code-logs";

/**
 * iFlow grew out of Gemini CLI as Qwen Code did, and asks the same kind of API.
 * Source: https://github.com/iflow-ai/iflow-cli/blob/main/docs_en/features/telemetry.md
 */
export const iflowLogs: LogDialect = {
  ...qwenCodeLogs,
  name: "iflow",
  marks: { scopes: ["iflow-cli"], services: ["iflow-cli"] },
  codingAgent: "iflow",
  events: {
    "iflow_cli.api_response": { is: "llm", needs: ["input_token_count", "output_token_count"] },
    "iflow_cli.api_error": { is: "llm", isFailure: true },
    "iflow_cli.tool_call": { is: "tool" },
  },
};
