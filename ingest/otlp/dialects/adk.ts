import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Google's Agent Development Kit, in TypeScript, Python, Go and Java. `gen_ai.system` = gcp.vertex.agent names the kit.
 * Source: https://github.com/google/adk-python/blob/main/src/google/adk/telemetry/tracing.py
 */
export const adk: Dialect = {
  name: "adk",
  marks: { scopes: ["gcp.vertex.agent"], attributes: ["gcp.vertex.agent."] },
  kinds: [
    { name: /^call_llm\b/, is: "llm" },
    { name: /^generate_content\b/, is: "llm" },
    { name: /^execute_tool\b/, is: "tool" },
    { name: /^(invoke_agent|agent_run)\b/, is: "agent" },
    { name: /^invocation$/, is: "agent" },
  ],
  facts: {
    model: [
      "gen_ai.response.model",
      "gcp.vertex.agent.llm_response > modelVersion",
      "gcp.vertex.agent.llm_response > model_version",
    ],
    requestedModel: ["gen_ai.request.model", "gcp.vertex.agent.llm_request > model"],
    responseId: [
      "gcp.vertex.agent.llm_response > responseId",
      "gcp.vertex.agent.llm_response > response_id",
    ],
    agent: ["gen_ai.agent.name"],
    session: ["gcp.vertex.agent.session_id", "gen_ai.conversation.id"],
    user: ["gcp.vertex.agent.user_id", "user.id"],
    task: ["gcp.vertex.agent.invocation_id"],
    error: [
      "gcp.vertex.agent.llm_response > errorCode",
      "gcp.vertex.agent.llm_response > error_code",
    ],
    toolCallId: ["gen_ai.tool.call.id", "gen_ai.tool_call.id"],
  },
  tokens: {
    input: [
      "gen_ai.usage.input_tokens",
      "gcp.vertex.agent.llm_response > usage_metadata.prompt_token_count",
    ],
    output: [
      "gen_ai.usage.output_tokens",
      "gcp.vertex.agent.llm_response > usage_metadata.candidates_token_count",
    ],
    total: ["gcp.vertex.agent.llm_response > usage_metadata.total_token_count"],
    cacheRead: ["gcp.vertex.agent.llm_response > usage_metadata.cached_content_token_count"],
    reasoning: [
      "gen_ai.usage.experimental.reasoning_tokens",
      "gcp.vertex.agent.llm_response > usage_metadata.thoughts_token_count",
    ],
  },
  outputWithoutReasoning: "all",
  rawUsage: [
    { at: "gcp.vertex.agent.llm_response > usageMetadata", api: "google.generateContent" },
  ],
  content: {
    system: [
      "gcp.vertex.agent.llm_request > config.systemInstruction",
      "gcp.vertex.agent.llm_request > config.system_instruction",
    ],
    messages: ["gcp.vertex.agent.llm_request > contents"],
    tools: ["gcp.vertex.agent.llm_request > config.tools", "gcp.vertex.agent.tool_call_args"],
    completion: ["gcp.vertex.agent.llm_response > content", "gcp.vertex.agent.tool_response"],
  },
};
