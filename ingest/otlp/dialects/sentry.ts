import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Sentry's SDKs, whose own word for a span is its `op`. Source: https://develop.sentry.dev/sdk/telemetry/traces/modules/ai-agents/ */
export const sentry: Dialect = {
  name: "sentry",
  isGeneric: true,
  marks: { attributes: ["sentry."] },
  kinds: [
    {
      at: "sentry.op",
      is: {
        "gen_ai.chat": "llm",
        "gen_ai.generate_content": "llm",
        "gen_ai.generate_text": "llm",
        "gen_ai.stream_text": "llm",
        "gen_ai.generate_object": "llm",
        "gen_ai.stream_object": "llm",
        "gen_ai.responses": "llm",
        "gen_ai.messages": "llm",
        "gen_ai.text_completion": "llm",
        "gen_ai.embeddings": "llm",
        "gen_ai.embed": "llm",
        "gen_ai.embed_many": "llm",
        "gen_ai.execute_tool": "tool",
        "gen_ai.invoke_agent": "agent",
        "gen_ai.create_agent": "step",
        "gen_ai.handoff": "step",
      },
    },
  ],
  facts: {
    agent: ["gen_ai.agent.name", "gen_ai.function_id"],
    user: ["sentry.user.id", "user.id"],
  },
};
