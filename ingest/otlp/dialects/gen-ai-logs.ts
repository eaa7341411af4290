import { genAi } from "@/ingest/otlp/dialects/gen-ai";
import type { LogDialect } from "@/ingest/otlp/dialects/log-dialect";

/**
 * The GenAI conventions' event of a call. Clients write it when they ask as well, and then it tells neither a response
 * nor tokens.
 * Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-events/
 */
export const genAiLogs: LogDialect = {
  ...genAi,
  events: {
    "gen_ai.client.inference.operation.details": {
      is: "llm",
      needs: ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "error.type"],
    },
  },
};
