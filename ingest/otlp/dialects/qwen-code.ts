import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Qwen Code's spans. It asks OpenAI's kind of API, where output holds what was reasoned; Gemini's leaves it out. Where
 * logs have no endpoint of their own each record is sent as a span too, beside the span of the call.
 * Source: https://github.com/QwenLM/qwen-code/blob/main/packages/core/src/telemetry/session-tracing.ts
 */
export const qwenCode: Dialect = {
  name: "qwen-code",
  marks: { attributes: ["qwen-code."], scopes: ["qwen-code"], services: ["qwen-code"] },
  retells: "log.bridge",
  kinds: [
    { name: /^qwen-code\.llm_request$/, is: "llm" },
    { name: /^qwen-code\.(interaction|subagent)$/, is: "agent" },
    { name: /^qwen-code\.tool$/, is: "tool" },
    { name: /^qwen-code\./, is: "step" },
    { at: "event.name", is: { "qwen-code.api_response": "llm", "*": "step" } },
  ],
  facts: {
    requestedModel: ["gen_ai.request.model", "model"],
    responseId: ["gen_ai.response.id", "response_id"],
    toolName: ["gen_ai.tool.name", "tool.name", "function_name"],
    toolCallId: ["gen_ai.tool.call.id", "tool.call_id"],
    agent: ["qwen-code.subagent.name", "subagent_name"],
    session: ["session.id", "gen_ai.conversation.id"],
    attempt: ["attempt"],
    success: ["success"],
    timeToFirstTokenMs: ["ttft_ms"],
  },
  tokens: {
    input: ["gen_ai.usage.input_tokens", "input_token_count"],
    output: ["gen_ai.usage.output_tokens", "output_token_count"],
    total: ["total_token_count"],
    cacheRead: ["gen_ai.usage.cache_read.input_tokens", "cached_content_token_count"],
    reasoning: ["thoughts_token_count"],
  },
  outputWithoutReasoning: ["google", "vertex"],
  metadata: ["auth_type"],
};
