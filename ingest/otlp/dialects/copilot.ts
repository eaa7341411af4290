import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * GitHub Copilot's CLI and VS Code's Copilot Chat, beside the GenAI conventions. `github.copilot.cost` is a number of
 * premium requests, no dollars. Sources: the CLI's own export, and
 * https://github.com/microsoft/vscode-copilot-chat/blob/main/docs/monitoring/agent_monitoring.md
 */
export const copilot: Dialect = {
  name: "copilot",
  marks: {
    attributes: ["github.copilot.", "copilot_chat."],
    scopes: ["github.copilot", "copilot-chat"],
    services: ["github-copilot", "copilot-chat"],
  },
  facts: {
    session: ["gen_ai.conversation.id", "copilot_chat.session_id", "copilot_chat.chat_session_id"],
    task: ["github.copilot.interaction_id"],
    timeToFirstTokenMs: ["copilot_chat.time_to_first_token"],
  },
  tokens: {
    cacheWrite: ["gen_ai.usage.cache_write.input_tokens"],
    reasoning: ["gen_ai.usage.reasoning_tokens"],
  },
  metadata: ["github.copilot.initiator", "github.copilot.agent.type", "copilot_chat.mode_name"],
};
