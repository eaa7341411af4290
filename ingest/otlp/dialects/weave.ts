import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Weights & Biases' Weave. Source: https://docs.wandb.ai/weave/guides/tracking/otel */
export const weave: Dialect = {
  name: "weave",
  marks: { attributes: ["weave.", "wandb."] },
  kinds: [{ at: "weave.span.kind", is: { llm: "llm", tool: "tool", agent: "agent", "*": "step" } }],
  facts: { session: ["wandb.thread_id", "weave.thread_id"], task: ["wandb.turn_id"] },
  tokens: {
    input: ["weave.usage > input_tokens", "weave.usage > prompt_tokens"],
    output: ["weave.usage > output_tokens", "weave.usage > completion_tokens"],
  },
};
