import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/** Laminar. Source: https://github.com/lmnr-ai/lmnr/blob/main/app-server/src/traces/span_attributes.rs */
export const laminar: Dialect = {
  name: "laminar",
  marks: { attributes: ["lmnr."] },
  kinds: [{ at: "lmnr.span.type", is: { llm: "llm", tool: "tool", "*": "step" } }],
  facts: {
    user: ["lmnr.association.properties.user_id"],
    session: ["lmnr.association.properties.session_id"],
    agent: ["lmnr.association.properties.metadata.agent"],
    feature: ["lmnr.association.properties.metadata.feature"],
    task: ["lmnr.association.properties.metadata.task"],
  },
  metadata: ["lmnr.association.properties.metadata.*", "lmnr.association.properties.tags"],
  content: { messages: ["lmnr.span.input"], completion: ["lmnr.span.output"] },
};
