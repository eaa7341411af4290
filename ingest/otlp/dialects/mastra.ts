import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Mastra's OTel exporter and bridge. In the exporter each call is lately a `model_inference`, below the
 * `model_generation` that is the loop around it and tells no usage; before, and in the bridge and the Arize exporter
 * still, the `model_generation` alone tells the sum of its steps.
 * Source: https://mastra.ai/docs/observability/ai-tracing/exporters/otel
 */
export const mastra: Dialect = {
  name: "mastra",
  marks: { attributes: ["mastra."], scopes: ["@mastra/", "mastra"] },
  kinds: [
    // A span of any kind may be the one that tells of the call: the exporter then gives it the conventions' name.
    {
      at: "gen_ai.operation.name",
      is: { chat: "llm", embeddings: "llm", model_generation: "step", model_inference: "step" },
    },
    { at: "openinference.span.kind", is: { chain: "step" } },
    {
      at: "mastra.span.type",
      is: {
        model_inference: "llm",
        model_generation: "llm",
        llm_generation: "llm",
        rag_embedding: "llm",
        tool_call: "tool",
        mcp_tool_call: "tool",
        provider_tool_call: "tool",
        client_tool_call: "tool",
        agent_run: "agent",
        workflow_run: "agent",
        "*": "step",
      },
    },
  ],
  facts: {
    session: ["mastra.metadata.sessionId", "mastra.metadata.threadId", "gen_ai.conversation.id"],
    user: ["mastra.metadata.userId", "mastra.metadata.resourceId"],
    agent: ["gen_ai.agent.name", "mastra.agent_run.agent_name"],
    task: ["mastra.metadata.runId", "metadata > runId"],
    feature: ["mastra.metadata.feature"],
  },
  metadata: ["mastra.metadata.*", "mastra.tags"],
  content: {
    messages: ["mastra.model_generation.input", "mastra.input"],
    completion: ["mastra.model_generation.output", "mastra.output"],
  },
};
