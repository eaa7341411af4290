import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { openllmetry } from "@/ingest/otlp/dialects/openllmetry";

/**
 * OpenLLMetry for JavaScript, also inside other clients (Laminar): it passes on what Anthropic's API prints, where input
 * leaves out what was cached; the Python one adds it up.
 * Source: https://github.com/traceloop/openllmetry-js/blob/main/packages/instrumentation-anthropic/src/instrumentation.ts
 */
export const openllmetryJs: Dialect = {
  name: "openllmetry-js",
  marks: { scopes: ["@traceloop/"] },
  facts: {
    // LangChain's tools have their class for a name; what they answered says which one it was.
    toolName: ["gen_ai.tool.name", "traceloop.entity.output > kwargs.name"],
    toolCallId: ["gen_ai.tool.call.id", "traceloop.entity.output > kwargs.tool_call_id"],
  },
  tokens: openllmetry.tokens ?? {},
  inputWithoutCache: ["anthropic", "aws"],
};
