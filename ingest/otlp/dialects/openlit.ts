import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * OpenLIT, in Python and TypeScript, around clients whose numbers it passes on as they are printed: Anthropic's and
 * Bedrock's input leaves out what was cached, Google's output what was thought. Its others are as the conventions say.
 * Source: https://github.com/openlit/openlit/blob/main/sdk/python/src/openlit/instrumentation/anthropic/utils.py
 */
export const openlit: Dialect = {
  name: "openlit",
  marks: {
    scopes: [
      "openlit.instrumentation.anthropic",
      "openlit.instrumentation.bedrock",
      "openlit.instrumentation.google_ai_studio",
      "@openlit/instrumentation-anthropic",
      "@openlit/instrumentation-bedrock",
      "@openlit/instrumentation-google-ai",
    ],
  },
  tokens: {
    input: ["gen_ai.usage.input_tokens"],
    output: ["gen_ai.usage.output_tokens"],
  },
  inputWithoutCache: ["anthropic", "aws"],
  outputWithoutReasoning: ["google"],
};
