import { claudeCode } from "@/ingest/otlp/dialects/claude-code";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * Claude Code's events. An `api_error` is written once a request was given up, with the number of attempts it took; its
 * attempts before are told by nothing. Source: https://code.claude.com/docs/en/monitoring-usage#events, and captures.
 */
export const claudeCodeLogs: LogDialect = {
  ...claudeCode,
  marks: { ...claudeCode.marks, services: ["claude-code"] },
  codingAgent: "claude-code",
  // "agent:builtin:general-purpose", "agent:custom:reviewer"; others name what the main agent was doing.
  subAgent: { at: "query_source", is: /^agent:(?:[^:]*:)?(.+)$/ },
  events: {
    "claude_code.api_request": { is: "llm" },
    "claude_code.api_error": { is: "llm", isFailure: true },
    "claude_code.tool_result": { is: "tool" },
  },
  durationMs: ["duration_ms"],
  facts: { ...claudeCode.facts, serviceTier: ["speed"] },
};
