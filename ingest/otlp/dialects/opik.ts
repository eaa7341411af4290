import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Comet's Opik. Source: https://www.comet.com/docs/opik/integrations/opentelemetry */
export const opik: Dialect = {
  name: "opik",
  marks: { attributes: ["opik."] },
  kinds: [{ at: "opik.type", is: { llm: "llm", tool: "tool", "*": "step" } }],
  facts: { session: ["opik.thread_id", "thread_id"], user: ["opik.metadata.user_id"] },
  tokens: {
    input: ["opik.usage.prompt_tokens", "opik.usage > prompt_tokens"],
    output: ["opik.usage.completion_tokens", "opik.usage > completion_tokens"],
  },
  metadata: ["opik.tags", "opik.metadata.*"],
};
