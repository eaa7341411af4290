import { expect, test } from "vitest";
import {
  type Attributes,
  type Client,
  listCalls,
  readAll,
  type Told,
} from "@/ingest/otlp/testing/told-client";

function turn(more: Attributes): Attributes {
  return { "thread.id": "th-1", "turn.id": "tu-1", model: "gpt-5-codex", ...more };
}

const completed = (input: number, cached: number, output: number, reasoning: number) => ({
  "event.name": "codex.sse_event",
  "event.kind": "response.completed",
  input_token_count: String(input),
  output_token_count: String(output),
  cached_token_count: cached,
  reasoning_token_count: reasoning,
  tool_token_count: String(input + output),
  "conversation.id": "th-1",
  "user.email": "ada@example.com",
  model: "gpt-5-codex",
  slug: "gpt-5-codex",
});

const handled = (input: number, cached: number, output: number, reasoning: number) => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.cache_read.input_tokens": cached,
  "gen_ai.usage.output_tokens": output,
  "codex.usage.reasoning_output_tokens": reasoning,
  "codex.usage.total_tokens": input + output,
});

const sum = turn({
  "codex.turn.token_usage.input_tokens": 2500,
  "codex.turn.token_usage.cached_input_tokens": 1800,
  "codex.turn.token_usage.non_cached_input_tokens": 700,
  "codex.turn.token_usage.output_tokens": 90,
  "codex.turn.token_usage.reasoning_output_tokens": 40,
  "codex.turn.token_usage.total_tokens": 2590,
});

const CODEX_SPANS: readonly Told[] = [
  { span: "session_loop", at: "s", from: 0, to: 100, is: { thread_id: "th-1" } },
  { span: "session_task.turn", at: "s/t", from: 1, to: 99, is: sum },
  { span: "run_sampling_request", at: "s/t/1", from: 2, to: 40, is: { model: "gpt-5-codex" } },
  { span: "completed", at: "s/t/1/h", from: 30, to: 39, is: handled(1000, 800, 50, 30) },
  { span: "run_sampling_request", at: "s/t/2", from: 41, to: 90, is: { model: "gpt-5-codex" } },
  { span: "completed", at: "s/t/2/h", from: 80, to: 89, is: handled(1500, 1000, 40, 10) },
];
const CODEX_CALLS = [
  ["gpt-5-codex", "openai", 1000, 800, 0, 50, 30, "codex", "th-1", "ada@example.com"],
  ["gpt-5-codex", "openai", 1500, 1000, 0, 40, 10, "codex", "th-1", "ada@example.com"],
] as const;
const logsAt = (at: string): readonly Told[] => [
  { log: "", at, to: 39, is: completed(1000, 800, 50, 30) },
  { log: "", at, to: 89, is: completed(1500, 1000, 40, 10) },
];

/** OpenAI's kind of API: output holds what was reasoned. */
const QWEN_SPANS: readonly Told[] = [
  {
    span: "qwen-code.interaction",
    at: "i",
    from: 0,
    to: 9000,
    is: { "session.id": "se-1", "qwen-code.model": "qwen3-coder-plus" },
  },
  {
    span: "qwen-code.llm_request",
    at: "i/l",
    from: 10,
    to: 8000,
    is: {
      "session.id": "se-1",
      "gen_ai.conversation.id": "se-1",
      "gen_ai.user.id": "u-1",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "qwen3-coder-plus",
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.usage.input_tokens": 1000,
      "gen_ai.usage.output_tokens": 100,
      "gen_ai.usage.cache_read.input_tokens": 600,
      thoughts_token_count: 30,
      attempt: 1,
      success: true,
      ttft_ms: 300,
      duration_ms: 7990,
    },
  },
  {
    span: "qwen-code.tool",
    at: "i/t",
    from: 8001,
    to: 8900,
    is: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "read_file" },
  },
];
const QWEN_EVENT = {
  "event.name": "qwen-code.api_response",
  "session.id": "se-1",
  model: "qwen3-coder-plus",
  duration_ms: 7990,
  status_code: 200,
  input_token_count: 1000,
  output_token_count: 100,
  cached_content_token_count: 600,
  thoughts_token_count: 30,
  total_token_count: 1100,
  auth_type: "openai",
};
const QWEN_CALL = ["qwen3-coder-plus", "openai", 1000, 600, 0, 100, 30] as const;
const retold = (event: Attributes) => ({ ...event, "log.bridge": true });

const openlit = (system: string, input: number, output: number, more: Attributes): Told => ({
  span: "chat",
  at: "c",
  from: 0,
  to: 50,
  is: {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": system,
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
    "gen_ai.client.token.usage": input + output,
    "gen_ai.usage.cost": 0.001,
    ...more,
  },
});

const LOGFIRE = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o",
  request_data: '{"model":"gpt-4o","stream":true,"messages":[]}',
};

const partly = (input: number, read: number, written: number, output: number): Attributes => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-4-5",
  "gen_ai.usage.partial.input_tokens": input,
  "gen_ai.usage.partial.cache_read.input_tokens": read,
  "gen_ai.usage.partial.cache_creation.input_tokens": written,
  "gen_ai.usage.partial.output_tokens": output,
});

/** What agents and libraries that nobody captured for us write, by their sources. */
const CLIENTS: readonly Client[] = [
  {
    client: "Codex by its events",
    service: "codex_cli_rs",
    scope: "codex_otel.log_only",
    told: logsAt(""),
    calls: CODEX_CALLS,
  },
  {
    // Its spans name no model: the events do.
    client: "Codex by spans, and events of no trace",
    service: "codex-app-server",
    scope: "codex",
    told: [...CODEX_SPANS, ...logsAt("")],
    calls: CODEX_CALLS,
  },
  {
    client: "Codex by spans, and events below the turn",
    service: "codex-app-server",
    scope: "codex",
    told: [...CODEX_SPANS, ...logsAt("s/t")],
    calls: CODEX_CALLS,
  },
  {
    client: "Codex by spans, and events above the turn",
    service: "codex_exec",
    scope: "codex",
    told: [...CODEX_SPANS, ...logsAt("s")],
    calls: CODEX_CALLS,
  },
  {
    client: "Qwen Code by spans and events",
    service: "qwen-code",
    scope: "qwen-code",
    told: [
      ...QWEN_SPANS,
      { log: "", at: "i/l", to: 8000, is: { ...QWEN_EVENT, response_id: "chatcmpl-1" } },
    ],
    calls: [[...QWEN_CALL, "qwen-code", "se-1", "u-1"]],
  },
  {
    client: "Qwen Code, whose events come as spans",
    service: "qwen-code",
    scope: "qwen-code",
    told: [
      ...QWEN_SPANS,
      { span: "API response", at: "b", from: 8000, to: 15_990, is: retold(QWEN_EVENT) },
      {
        span: "API error",
        at: "e",
        from: 8100,
        to: 8200,
        is: retold({
          "event.name": "qwen-code.api_error",
          model: "qwen3-coder-plus",
          error: "429",
        }),
      },
    ],
    calls: [[...QWEN_CALL, null, "se-1", "u-1"]],
  },
  {
    client: "iFlow",
    service: "iflow-cli",
    scope: "iflow-cli",
    told: [
      { log: "", at: "", to: 50, is: { ...QWEN_EVENT, "event.name": "iflow_cli.api_response" } },
    ],
    calls: [["qwen3-coder-plus", null, 1000, 600, 0, 100, 30, "iflow", "se-1", null]],
  },
  {
    client: "OpenLIT around Anthropic",
    service: "app",
    scope: "openlit.instrumentation.anthropic",
    told: [
      openlit("anthropic", 1000, 90, {
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.cache_creation.input_tokens": 100,
        // It names the tool that was asked for on the call itself.
        "gen_ai.tool.name": "weather",
        "gen_ai.tool.call.id": "toolu_1",
      }),
    ],
    calls: [["claude-sonnet-4-5", "anthropic", 1700, 600, 100, 90, 0, null, null, null]],
  },
  {
    client: "OpenLIT around Google",
    service: "app",
    scope: "@openlit/instrumentation-google-ai",
    told: [
      openlit("gcp.gemini", 1000, 90, {
        "gen_ai.request.model": "gemini-2.5-flash",
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.reasoning_tokens": 40,
      }),
    ],
    calls: [["gemini-2.5-flash", "google", 1000, 600, 0, 130, 40, null, null, null]],
  },
  {
    client: "OpenLIT around OpenAI",
    service: "app",
    scope: "openlit.instrumentation.openai",
    told: [
      openlit("openai", 1000, 90, {
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.reasoning_tokens": 40,
      }),
    ],
    calls: [["gpt-4o", "openai", 1000, 600, 0, 90, 40, null, null, null]],
  },
  {
    // The span of the request ends when the stream begins, and a second one tells what it took.
    client: "Logfire around OpenAI's stream",
    service: "app",
    scope: "logfire.openai",
    told: [
      {
        span: "Chat Completion with {request_data[model]!r}",
        at: "c",
        from: 0,
        to: 5,
        is: LOGFIRE,
      },
      {
        span: "streaming response from {request_data[model]!r} took {duration:.2f}s",
        at: "s",
        from: 60,
        to: 60,
        is: {
          ...LOGFIRE,
          "gen_ai.response.model": "gpt-4o-2024-08-06",
          "gen_ai.response.id": "chatcmpl-1",
          "gen_ai.usage.input_tokens": 1000,
          "gen_ai.usage.output_tokens": 90,
          "gen_ai.usage.raw":
            '{"prompt_tokens":1000,"completion_tokens":90,"total_tokens":1090,"prompt_tokens_details":{"cached_tokens":600},"completion_tokens_details":{"reasoning_tokens":40}}',
        },
      },
    ],
    calls: [["gpt-4o-2024-08-06", "openai", 1000, 600, 0, 90, 40, null, null, null]],
  },
  {
    client: "Logfire around Anthropic",
    service: "app",
    scope: "logfire.anthropic",
    told: [
      {
        span: "Message with {request_data[model]!r}",
        at: "c",
        from: 0,
        to: 60,
        is: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.model": "claude-sonnet-4-5",
          "gen_ai.usage.input_tokens": 1700,
          "gen_ai.usage.output_tokens": 90,
          "gen_ai.usage.raw":
            '{"input_tokens":1000,"output_tokens":90,"cache_read_input_tokens":600,"cache_creation_input_tokens":100}',
        },
      },
    ],
    calls: [["claude-sonnet-4-5", "anthropic", 1700, 600, 100, 90, 0, null, null, null]],
  },
  {
    client: "Pipecat",
    service: "bot",
    scope: "pipecat",
    told: [
      { span: "conversation", at: "v", from: 0, to: 99, is: { "conversation.id": "co-1" } },
      { span: "turn", at: "v/t", from: 1, to: 98, is: { "conversation.id": "co-1" } },
      {
        span: "stt",
        at: "v/t/s",
        from: 2,
        to: 9,
        is: {
          "gen_ai.provider.name": "deepgram",
          "gen_ai.operation.name": "stt",
          "gen_ai.request.model": "nova-3",
          user_id: "u-1",
        },
      },
      {
        span: "llm",
        at: "v/t/l",
        from: 10,
        to: 60,
        is: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.model": "claude-sonnet-4-5",
          "gen_ai.usage.input_tokens": 1000,
          "gen_ai.usage.output_tokens": 90,
          "gen_ai.usage.cache_read.input_tokens": 600,
          "gen_ai.usage.cache_creation.input_tokens": 100,
          "metrics.ttfb": 0.4,
        },
      },
    ],
    calls: [["claude-sonnet-4-5", "anthropic", 1700, 600, 100, 90, 0, null, "co-1", "u-1"]],
  },
  {
    client: "Logfire around Claude's agent SDK",
    service: "app",
    scope: "logfire.claude_agent_sdk",
    told: [
      {
        span: "invoke_agent",
        at: "a",
        from: 0,
        to: 99,
        is: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.conversation.id": "se-1",
          "gen_ai.usage.input_tokens": 3700,
          "gen_ai.usage.cache_read.input_tokens": 2300,
          "gen_ai.usage.cache_creation.input_tokens": 100,
          "gen_ai.usage.output_tokens": 150,
        },
      },
      { span: "chat", at: "a/1", from: 1, to: 40, is: partly(1700, 600, 100, 3) },
      { span: "chat", at: "a/2", from: 50, to: 98, is: partly(2000, 1700, 0, 2) },
    ],
    calls: [
      [null, "anthropic", 0, 0, 0, 145, 0, null, "se-1", null],
      ["claude-sonnet-4-5", "anthropic", 1700, 600, 100, 3, 0, null, "se-1", null],
      ["claude-sonnet-4-5", "anthropic", 2000, 1700, 0, 2, 0, null, "se-1", null],
    ],
  },
];

test.each(CLIENTS)("each call of $client counts once, with whose it is", (client) => {
  const facts = readAll(client);
  expect(listCalls(facts)).toEqual(client.calls);
  expect(listCalls([...facts].reverse()), "in another order").toEqual(client.calls);
});
