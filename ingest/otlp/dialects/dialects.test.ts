import { expect, test } from "vitest";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";
import type { SpanFacts } from "@/lib/traces/span-facts";

interface Sample {
  client: string;
  span: Parameters<typeof makeSpan>[0];
  is: Partial<Omit<SpanFacts, "tags">> & { tags?: Partial<SpanFacts["tags"]> };
}

/** Clients that the corpus has no capture of: the names are those of the source beside each. */
const SAMPLES: Sample[] = [
  {
    // https://langfuse.com/integrations/native/opentelemetry#property-mapping
    client: "Langfuse's SDK",
    span: {
      scope: "langfuse-sdk",
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "claude-sonnet-4-5",
        "langfuse.observation.usage_details":
          '{"input":100,"output":40,"input_cached_tokens":900,"total":1040}',
        "langfuse.observation.cost_details": '{"total":0.0042}',
        "langfuse.session.id": "s-1",
        "user.id": "u-1",
        "langfuse.trace.tags": ["prod", "eu"],
        "langfuse.trace.metadata.feature": "search",
      },
    },
    is: {
      dialect: "langfuse",
      kind: "llm",
      provider: "anthropic",
      model: "claude-sonnet-4-5",
      usage: { input_tokens: 1000, cache_read_tokens: 900, output_tokens: 40 },
      printedTokens: { input: 100, output: 40 },
      reportedCostUsd: "0.0042",
      tags: { session: "s-1", user: "u-1", feature: "search" },
      metadata: { "langfuse.trace.tags": "prod,eu", feature: "search" },
    },
  },
  {
    // The same text in OpenAI's words, where the details are parts.
    client: "Langfuse's SDK around OpenAI",
    span: {
      scope: "langfuse-sdk",
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o",
        "langfuse.observation.usage_details":
          '{"prompt_tokens":1000,"completion_tokens":40,"total_tokens":1040,"prompt_tokens_details":{"cached_tokens":900}}',
      },
    },
    is: { usage: { input_tokens: 1000, cache_read_tokens: 900, output_tokens: 40 } },
  },
  {
    client: "Langfuse's SDK by hand, with OpenAI's numbers under Langfuse's names",
    span: {
      scope: "langfuse-sdk",
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o",
        "langfuse.observation.usage_details":
          '{"input":1000,"output":40,"total":1040,"cache_read_input_tokens":900}',
      },
    },
    is: { usage: { input_tokens: 1000, cache_read_tokens: 900, output_tokens: 40 } },
  },
  {
    // @langfuse/openai 5.11: a call that was refused has a level, and no status of its span.
    client: "Langfuse's wrapper of a call that failed",
    span: {
      scope: "langfuse-sdk",
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "gpt-4o-mini",
        "langfuse.observation.level": "ERROR",
        "langfuse.observation.status_message": "Error: 400 refused",
      },
    },
    is: { kind: "llm", status: "error", usage: null },
  },
  {
    // https://github.com/traceloop/openllmetry/blob/main/packages/opentelemetry-semantic-conventions-ai/opentelemetry/semconv_ai/__init__.py
    client: "OpenLLMetry",
    span: {
      name: "anthropic.chat",
      scope: "opentelemetry.instrumentation.anthropic",
      spanKind: 3,
      attributes: {
        "gen_ai.system": "Anthropic",
        "llm.request.type": "chat",
        "gen_ai.request.model": "claude-opus-4-1",
        "gen_ai.response.model": "claude-opus-4-1-20250805",
        "gen_ai.response.id": "msg_1",
        "gen_ai.usage.input_tokens": 1200,
        "gen_ai.usage.output_tokens": 30,
        "llm.usage.total_tokens": 1230,
        "gen_ai.usage.cache_read_input_tokens": 1000,
        "gen_ai.usage.cache_creation_input_tokens": 100,
        "traceloop.workflow.name": "answer",
        "traceloop.association.properties.user_id": "u-2",
        "traceloop.association.properties.session_id": "s-2",
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "Hello",
        "gen_ai.completion.0.content": "Hi",
      },
    },
    is: {
      dialect: "openllmetry",
      kind: "llm",
      provider: "anthropic",
      responseId: "msg_1",
      usage: {
        input_tokens: 1200,
        cache_read_tokens: 1000,
        cache_write_5m_tokens: 100,
        output_tokens: 30,
      },
      tags: { user: "u-2", session: "s-2", taskType: "answer" },
    },
  },
  {
    // The decorators' spans of the same library.
    client: "OpenLLMetry's tool",
    span: {
      name: "get_weather.tool",
      attributes: { "traceloop.span.kind": "tool", "traceloop.entity.name": "get_weather" },
    },
    is: { kind: "tool", name: "get_weather", usage: null },
  },
  {
    // https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry/attributes
    client: "Braintrust",
    span: {
      name: "Chat Completion",
      attributes: {
        "braintrust.span_attributes": '{"type":"llm","name":"Chat Completion"}',
        "braintrust.metadata": '{"provider":"openai","model":"gpt-4o-mini","user_id":"u-3"}',
        "braintrust.metrics":
          '{"prompt_tokens":500,"completion_tokens":70,"tokens":570,"prompt_cached_tokens":400,"completion_reasoning_tokens":20,"time_to_first_token":0.25}',
        "braintrust.output_json": '{"id":"chatcmpl-3","model":"gpt-4o-mini-2024-07-18"}',
      },
    },
    is: {
      kind: "llm",
      model: "gpt-4o-mini-2024-07-18",
      requestedModel: "gpt-4o-mini",
      responseId: "chatcmpl-3",
      usage: { input_tokens: 500, cache_read_tokens: 400, output_tokens: 70, reasoning_tokens: 20 },
      timeToFirstTokenMs: 250,
      tags: { user: "u-3" },
    },
  },
  {
    // https://mlflow.org/docs/latest/genai/concepts/span/
    client: "MLflow",
    span: {
      name: "Completions",
      attributes: {
        "mlflow.spanType": '"CHAT_MODEL"',
        "mlflow.spanInputs": '{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}',
        "mlflow.chat.tokenUsage": '{"input_tokens":12,"output_tokens":5,"total_tokens":17}',
        "mlflow.trace.session": "s-4",
      },
    },
    is: {
      kind: "llm",
      model: "gpt-4o",
      provider: "openai",
      usage: { input_tokens: 12, output_tokens: 5 },
      tags: { session: "s-4" },
    },
  },
  {
    // https://ai.pydantic.dev/logfire/
    client: "Pydantic AI",
    span: {
      name: "chat claude-sonnet-4-5",
      scope: "pydantic-ai",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.usage.input_tokens": 1100,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.details.cache_read_tokens": 1000,
        "operation.cost": 0.0000015,
        "gen_ai.agent.name": "helper",
      },
    },
    is: {
      dialect: "pydantic-ai",
      kind: "llm",
      usage: { input_tokens: 1100, cache_read_tokens: 1000, output_tokens: 20 },
      reportedCostUsd: "0.0000015",
      tags: { agent: "helper" },
    },
  },
  {
    // Its agent's span has the sum of its calls.
    client: "Pydantic AI's agent",
    span: {
      name: "agent run",
      scope: "pydantic-ai",
      attributes: { agent_name: "helper", model_name: "gpt-4o", "gen_ai.usage.input_tokens": 9 },
    },
    is: { kind: "agent", tags: { agent: "helper" } },
  },
  {
    // https://genkit.dev/docs/observability/telemetry-collection/
    client: "Genkit",
    span: {
      name: "googleai/gemini-2.5-flash",
      scope: "genkit-tracer",
      attributes: {
        "genkit:type": "action",
        "genkit:metadata:subtype": "model",
        "genkit:name": "googleai/gemini-2.5-flash",
        "genkit:output":
          '{"message":{"role":"model","content":[{"text":"Hi"}]},"usage":{"inputTokens":10,"outputTokens":4,"thoughtsTokens":6,"totalTokens":20}}',
      },
    },
    is: {
      kind: "llm",
      provider: "google",
      usage: { input_tokens: 10, output_tokens: 10, reasoning_tokens: 6 },
    },
  },
  {
    // https://mastra.ai/docs/observability/ai-tracing/exporters/otel
    client: "Mastra",
    span: {
      name: "chat gpt-4o",
      attributes: {
        "mastra.span.type": "model_generation",
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.usage.cached_input_tokens": 20,
        "mastra.metadata.threadId": "t-1",
        "mastra.metadata.userId": "u-5",
      },
    },
    is: {
      kind: "llm",
      usage: { input_tokens: 30, cache_read_tokens: 20, output_tokens: 3 },
      tags: { session: "t-1", user: "u-5" },
    },
  },
  {
    // https://github.com/strands-agents/sdk-python/blob/main/src/strands/telemetry/tracer.py
    client: "Strands Agents on Bedrock",
    span: {
      name: "chat",
      scope: "strands.telemetry.tracer",
      attributes: {
        "gen_ai.system": "strands-agents",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "us.anthropic.claude-sonnet-4-20250514-v1:0",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.prompt_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.total_tokens": 115,
        "gen_ai.usage.cache_read_input_tokens": 100,
        "gen_ai.server.time_to_first_token": 420,
      },
    },
    is: {
      kind: "llm",
      provider: "aws",
      usage: { input_tokens: 110, cache_read_tokens: 100, output_tokens: 5 },
      timeToFirstTokenMs: 420,
    },
  },
  {
    // https://github.com/livekit/agents/blob/main/livekit-agents/livekit/agents/telemetry/trace_types.py
    client: "LiveKit Agents",
    span: {
      name: "llm_request",
      attributes: {
        "gen_ai.request.model": "gpt-4o",
        "lk.llm_metrics":
          '{"ttft":0.245,"prompt_tokens":500,"prompt_cached_tokens":100,"completion_tokens":150,"total_tokens":650,"metadata":{"model_provider":"openai"}}',
      },
    },
    is: {
      kind: "llm",
      usage: { input_tokens: 500, cache_read_tokens: 100, output_tokens: 150 },
      timeToFirstTokenMs: 245,
    },
  },
  {
    // https://docs.litellm.ai/docs/observability/opentelemetry_integration
    client: "LiteLLM's proxy",
    span: {
      name: "litellm_request",
      scope: "litellm",
      attributes: {
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.id": "chatcmpl-9",
        "gen_ai.usage.prompt_tokens": 7,
        "gen_ai.usage.completion_tokens": 8,
        "gen_ai.usage.total_tokens": 15,
        "gen_ai.cost.total_cost": 1e-7,
        "metadata.user_api_key_end_user_id": "u-6",
        "metadata.user_api_key_team_alias": "search",
      },
    },
    is: {
      kind: "llm",
      usage: { input_tokens: 7, output_tokens: 8 },
      reportedCostUsd: "0.0000001",
      tags: { user: "u-6" },
    },
  },
  {
    // https://learn.microsoft.com/en-us/semantic-kernel/concepts/enterprise-readiness/observability/
    client: "Semantic Kernel",
    span: {
      name: "chat.completions gpt-4o",
      scope: "Microsoft.SemanticKernel.Diagnostics",
      attributes: {
        "gen_ai.operation.name": "chat.completions",
        "gen_ai.system": "az.ai.inference",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.prompt_tokens": 16,
        "gen_ai.response.completion_tokens": 29,
      },
    },
    is: { kind: "llm", provider: "azure", usage: { input_tokens: 16, output_tokens: 29 } },
  },
  {
    // https://docs.spring.io/spring-ai/reference/observability/index.html
    client: "Spring AI",
    span: {
      name: "chat gpt-4o",
      spanKind: 3,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": "57",
        "gen_ai.usage.output_tokens": "63",
        "gen_ai.usage.total_tokens": "120",
      },
    },
    is: { kind: "llm", usage: { input_tokens: 57, output_tokens: 63 } },
  },
  {
    // https://arize-ai.github.io/openinference/spec/semantic_conventions.html
    client: "smolagents by OpenInference",
    span: {
      name: "LiteLLMModel.__call__",
      scope: "openinference.instrumentation.smolagents",
      attributes: {
        "openinference.span.kind": "LLM",
        "llm.model_name": "anthropic/claude-3-5-sonnet-latest",
        "llm.token_count.prompt": 2000,
        "llm.token_count.completion": 100,
        "llm.token_count.total": 2100,
      },
    },
    is: { kind: "llm", provider: "anthropic", usage: { input_tokens: 2000, output_tokens: 100 } },
  },
  {
    // https://www.comet.com/docs/opik/integrations/opentelemetry
    client: "Opik's attributes beside the conventions'",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1,
        "gen_ai.usage.output_tokens": 2,
        thread_id: "t-7",
        "opik.tags": '["a","b"]',
      },
    },
    is: { kind: "llm", tags: { session: "t-7" }, metadata: { "opik.tags": "a,b" } },
  },
  {
    // https://docs.wandb.ai/weave/guides/tracking/otel
    client: "Weave's attributes",
    span: {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.response.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 3,
        "gen_ai.usage.completion_tokens": 4,
        "wandb.thread_id": "t-8",
      },
    },
    is: { usage: { input_tokens: 3, output_tokens: 4 }, tags: { session: "t-8" } },
  },
  {
    // https://github.com/lmnr-ai/lmnr/blob/main/app-server/src/traces/span_attributes.rs
    client: "Laminar",
    span: {
      attributes: {
        "lmnr.span.type": "LLM",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 6,
        "lmnr.association.properties.session_id": "s-9",
      },
    },
    is: { kind: "llm", usage: { input_tokens: 5, output_tokens: 6 }, tags: { session: "s-9" } },
  },
  {
    // https://google.github.io/adk-docs/observability/: Python writes snake case.
    client: "ADK for Python",
    span: {
      name: "call_llm",
      scope: "gcp.vertex.agent",
      attributes: {
        "gen_ai.system": "gcp.vertex.agent",
        "gen_ai.request.model": "gemini-2.5-flash",
        "gcp.vertex.agent.session_id": "s-10",
        "gcp.vertex.agent.llm_response":
          '{"content":{"parts":[{"text":"Hi"}]},"usage_metadata":{"prompt_token_count":50,"candidates_token_count":7,"thoughts_token_count":13,"total_token_count":70,"cached_content_token_count":40}}',
      },
    },
    is: {
      kind: "llm",
      provider: "google",
      usage: { input_tokens: 50, cache_read_tokens: 40, output_tokens: 20, reasoning_tokens: 13 },
      tags: { session: "s-10" },
    },
  },
  {
    // https://developers.openai.com/codex/config-advanced/#observability-and-telemetry
    client: "Codex' turn, the sum of its calls",
    span: {
      name: "session_task.turn",
      resource: { "service.name": "codex_cli_rs" },
      attributes: {
        model: "gpt-5-codex",
        "thread.id": "th-1",
        "codex.turn.token_usage.input_tokens": 900,
        "codex.turn.token_usage.cached_input_tokens": 800,
        "codex.turn.token_usage.output_tokens": 60,
        "codex.turn.token_usage.reasoning_output_tokens": 32,
      },
    },
    is: {
      kind: "agent",
      usage: { input_tokens: 900, cache_read_tokens: 800, output_tokens: 60, reasoning_tokens: 32 },
      tags: { session: "th-1" },
    },
  },
  {
    // codex 0.169, run: Rust's spans carry the thread of the operating system under the same name, as a number.
    client: "Codex' spans on some thread",
    span: {
      name: "session_loop",
      resource: { "service.name": "codex_exec" },
      attributes: { "thread.id": 4, "thread.name": "tokio-rt-worker", thread_id: "01a2091d" },
    },
    is: { kind: "agent", tags: { session: "01a2091d" } },
  },
  {
    client: "nobody we know, in dotted names",
    span: {
      name: "llm",
      attributes: {
        "acme.llm.responseModel": "gpt-4o-2024-08-06",
        "acme.llm.usage.promptTokens": 40,
        "acme.llm.usage.completionTokens": 2,
        "acme.llm.usage.totalTokens": 42,
      },
    },
    is: {
      kind: "llm",
      provider: "openai",
      model: "gpt-4o-2024-08-06",
      usage: { input_tokens: 40, output_tokens: 2 },
    },
  },
  {
    client: "nobody we know, in JSON text",
    span: {
      attributes: {
        model: "claude-haiku-4-5",
        usage:
          '{"input_tokens":10,"output_tokens":2,"cache_read_input_tokens":90,"cache_creation_input_tokens":0}',
      },
    },
    is: {
      kind: "llm",
      provider: "anthropic",
      usage: { input_tokens: 100, cache_read_tokens: 90, output_tokens: 2 },
    },
  },
];

test.each(SAMPLES)("a span of $client gives its facts", ({ span, is }) => {
  const { facts } = readSpan(makeSpan(span), []);
  expect(facts).toMatchObject(is);
  expect(facts.usage).toEqual("usage" in is ? is.usage : facts.usage);
  expect(facts.faults).toEqual([]);
});
