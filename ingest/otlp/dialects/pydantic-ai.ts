import type { Dialect } from "@/ingest/otlp/dialects/dialect";

/**
 * Pydantic AI and Logfire. The agent's span holds the sum of its calls, and where agents share one usage, of those that
 * others made before: each call has a span of its own. It prints each count that a provider names
 * under `gen_ai.usage.details.` as it is. Source: https://ai.pydantic.dev/logfire/
 */
export const pydanticAi: Dialect = {
  name: "pydantic-ai",
  marks: {
    scopes: ["pydantic-ai", "logfire"],
    attributes: ["logfire.", "all_messages_events", "pydantic_ai.", "model_request_parameters"],
  },
  kinds: [
    // Sent as a span begins, below it, with what is known by then: the span itself follows.
    { at: "logfire.span_type", is: { pending_span: "other" } },
    // Of a stream there are two spans: as it was asked for, and once it ended, with what it took.
    { name: /^streaming response from /, is: "llm" },
    { at: "request_data > stream", is: { true: "step" } },
    { name: /^chat /, is: "llm" },
    { name: /^(agent run|invoke_agent)/, is: "agent" },
    { name: /^(running tool:|execute_tool )/, is: "tool" },
    { name: /^running (\d+ )?tools?/, is: "step" },
  ],
  facts: {
    provider: ["request_data > provider"],
    model: ["gen_ai.response.model", "response_data > model"],
    requestedModel: ["gen_ai.request.model", "request_data > model", "model_name"],
    agent: ["gen_ai.agent.name", "agent_name"],
    responseId: ["gen_ai.response.id", "response_data > id", "response > id"],
  },
  tokens: {
    input: [
      "gen_ai.usage.input_tokens",
      "response_data > usage.prompt_tokens",
      "response_data > usage.input_tokens",
    ],
    output: [
      "gen_ai.usage.output_tokens",
      "response_data > usage.completion_tokens",
      "response_data > usage.output_tokens",
    ],
    cacheRead: [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.details.cache_read_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
      "gen_ai.usage.details.cached_tokens",
    ],
    cacheWrite: [
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.details.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
    ],
    reasoning: [
      "gen_ai.usage.details.reasoning_tokens",
      "gen_ai.usage.details.thoughts_tokens",
      "gen_ai.usage.details.thinking_tokens",
    ],
  },
  sumsOnly: ["agent"],
  rawUsage: [
    { at: "gen_ai.usage.raw", api: "openai.chat_completions", has: "prompt_tokens" },
    { at: "gen_ai.usage.raw", api: "openai.responses", has: "input_tokens_details" },
    { at: "gen_ai.usage.raw", api: "anthropic.messages", has: "cache_read_input_tokens" },
    { at: "response > usage", api: "openai.responses", has: "input_tokens_details" },
    { at: "response_data > usage", api: "openai.chat_completions", has: "prompt_tokens" },
    { at: "response_data > usage", api: "openai.responses", has: "input_tokens_details" },
    { at: "response_data > usage", api: "anthropic.messages", has: "cache_read_input_tokens" },
  ],
  metadata: ["logfire.tags", "logfire.msg"],
  content: {
    messages: [
      "all_messages_events",
      "pydantic_ai.all_messages",
      "events",
      "request_data > messages",
      "tool_arguments",
    ],
    completion: ["final_result", "response_data > message", "tool_response"],
    tools: ["model_request_parameters > function_tools"],
  },
};
