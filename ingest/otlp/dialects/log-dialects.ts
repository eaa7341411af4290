import { claudeCodeLogs } from "@/ingest/otlp/dialects/claude-code-logs";
import { codexLogs } from "@/ingest/otlp/dialects/codex-logs";
import { copilotChatLogs } from "@/ingest/otlp/dialects/copilot-chat-logs";
import { geminiCliLogs } from "@/ingest/otlp/dialects/gemini-cli-logs";
import { genAiLogs } from "@/ingest/otlp/dialects/gen-ai-logs";
import { iflowLogs } from "@/ingest/otlp/dialects/iflow-logs";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";
import { qwenCodeLogs } from "@/ingest/otlp/dialects/qwen-code-logs";

/** Who tells of calls in log records: the clients, then the convention. */
export const LOG_DIALECTS: readonly LogDialect[] = [
  claudeCodeLogs,
  geminiCliLogs,
  qwenCodeLogs,
  iflowLogs,
  codexLogs,
  copilotChatLogs,
  genAiLogs,
];
