import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * OpenInference's instrumentation of the OpenAI Agents SDK, JavaScript's and Python's: the agent is the graph's node.
 * Source: https://github.com/Arize-ai/openinference/tree/main/js/packages/openinference-instrumentation-openai-agents
 */
export const openaiAgents: Dialect = {
  name: "openai-agents",
  marks: {
    scopes: [
      "@arizeai/openinference-instrumentation-openai-agents",
      "openinference.instrumentation.openai_agents",
    ],
  },
  facts: { agent: ["graph.node.id"] },
};
