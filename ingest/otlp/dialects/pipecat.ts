import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Pipecat: voice. Its counts are those that each service's own client prints: Anthropic's and Bedrock's input leaves out
 * what was cached, Google's output what was thought.
 * Source: https://github.com/pipecat-ai/pipecat/blob/main/src/pipecat/utils/tracing/service_decorators.py
 */
export const pipecat: Dialect = {
  name: "pipecat",
  marks: { scopes: ["pipecat"] },
  kinds: [{ name: /^(conversation|turn)$/, is: "agent" }],
  facts: {
    session: ["conversation.id"],
    user: ["user_id"],
    timeToFirstTokenSeconds: ["metrics.ttfb"],
  },
  tokens: {
    input: ["gen_ai.usage.input_tokens"],
    output: ["gen_ai.usage.output_tokens"],
    characters: ["metrics.character_count"],
    seconds: ["metrics.audio_seconds"],
  },
  inputWithoutCache: ["anthropic", "aws"],
  outputWithoutReasoning: ["google", "vertex"],
  content: { messages: ["input"], tools: ["tools"], completion: ["output"] },
};
