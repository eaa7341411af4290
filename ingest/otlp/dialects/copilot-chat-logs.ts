import { copilot } from "@/ingest/otlp/dialects/copilot";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * GitHub Copilot's events: a call is told by the GenAI event of `gen-ai-logs.ts` and by a span.
 * `copilot_chat.agent.turn` sums the calls of a turn up and is no call.
 * Source: https://github.com/microsoft/vscode-copilot-chat/blob/main/docs/monitoring/agent_monitoring.md
 */
export const copilotChatLogs: LogDialect = {
  ...copilot,
  codingAgent: "copilot",
  events: { "copilot_chat.tool.call": { is: "tool" } },
  durationMs: ["duration_ms"],
  facts: {
    ...copilot.facts,
    toolName: ["gen_ai.tool.name"],
    success: ["success"],
  },
};
