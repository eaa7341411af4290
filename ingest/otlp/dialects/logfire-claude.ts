import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Logfire around Claude's agent SDK. A call's span tells of its output only what was known as it began, and the agent's
 * span the true sum, which nothing else tells: what the calls leave of it counts there.
 * Source: https://github.com/pydantic/logfire/blob/main/logfire/_internal/integrations/claude_agent_sdk.py
 */
export const logfireClaude: Dialect = {
  name: "logfire-claude",
  marks: { scopes: ["logfire.claude_agent_sdk"] },
  kinds: [{ name: /^invoke_agent$/, is: "step" }],
  tokens: {
    input: ["gen_ai.usage.input_tokens", "gen_ai.usage.partial.input_tokens"],
    output: ["gen_ai.usage.output_tokens", "gen_ai.usage.partial.output_tokens"],
    cacheRead: [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.partial.cache_read.input_tokens",
    ],
    cacheWrite: [
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.partial.cache_creation.input_tokens",
    ],
  },
};
