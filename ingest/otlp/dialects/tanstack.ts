import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * TanStack AI. The outer span has no operation's name and holds the sum of its iterations.
 * Source: https://tanstack.com/ai/latest/docs/guides/observability
 */
export const tanstack: Dialect = {
  name: "tanstack",
  marks: { attributes: ["tanstack.ai.", "langfuse.trace.input"], scopes: ["@tanstack/ai"] },
  kinds: [
    { at: "tanstack.ai.iteration", is: { "*": "llm" } },
    { at: "tanstack.ai.tool.outcome", is: { "*": "tool" } },
    { at: "gen_ai.operation.name", is: { chat: "llm" } },
    { at: "tanstack.ai.iterations", is: { "*": "agent" } },
    { at: "langfuse.trace.input", is: { "*": "agent" } },
  ],
};
