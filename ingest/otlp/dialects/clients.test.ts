import { expect, test } from "vitest";
import type { OtlpValue } from "@/ingest/otlp/otlp-records";
import { readSpan } from "@/ingest/otlp/read-span";
import { makeSpan } from "@/ingest/otlp/testing/make-span";
import { resolveTrace } from "@/lib/traces/resolve-trace";

const START_NS = 1_790_000_000_000_000_000n;
const MS = 1_000_000n;

/** What is told of a span: its name, where it stands, from when to when in ms, and its attributes. */
type Told = [
  name: string,
  place: string,
  from: number,
  to: number,
  attributes: Record<string, OtlpValue>,
  scope?: string,
];

interface Client {
  client: string;
  scope: string;
  /** `a/b`: b below a; `2:a`: in another trace. */
  spans: readonly Told[];
  /** Input, cache read, cache write, output and reasoning; null: no usage. With its name, in the order of time. */
  counts: readonly [name: string, tokens: readonly number[] | null][];
}

const chat = (input: number, output: number, more: Record<string, OtlpValue> = {}) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
  ...more,
});

/** Clients that nobody captured for us, as they really write their spans: run against a provider, or by their source. */
const CLIENTS: Client[] = [
  {
    // @mastra/otel-exporter 1.4: the call is the inference; the generation around the loop tells nothing of it.
    client: "Mastra",
    scope: "@mastra/otel-exporter",
    spans: [
      ["invoke_agent helper", "a", 0, 90, { "mastra.span.type": "agent_run" }],
      ["model_generation gpt-4o", "a/g", 1, 89, { "mastra.span.type": "model_generation" }],
      ["agent_step helper", "a/g/s", 2, 40, { "mastra.span.type": "model_step" }],
      [
        "chat gpt-4o",
        "a/g/s/i",
        3,
        30,
        chat(1000, 60, {
          "mastra.span.type": "model_inference",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.usage.cache_read.input_tokens": 512,
          "gen_ai.usage.reasoning_tokens": 24,
        }),
      ],
      ["model_chunk helper", "a/g/s/i/c", 4, 29, { "mastra.span.type": "model_chunk" }],
      ["agent_step helper", "a/g/t", 41, 80, { "mastra.span.type": "model_step" }],
      [
        "chat gpt-4o failed",
        "a/g/t/j",
        42,
        79,
        {
          "gen_ai.operation.name": "chat",
          "mastra.span.type": "model_inference",
          "gen_ai.request.model": "gpt-4o",
          "error.type": "400",
        },
      ],
    ],
    counts: [
      ["chat gpt-4o", [1000, 512, 0, 60, 24]],
      ["chat gpt-4o failed", null],
    ],
  },
  {
    // @strands-agents/sdk 1.19 around @anthropic-ai/sdk 1.12, which tells of its calls itself, in traces of their own.
    client: "Strands for TypeScript around Anthropic's own telemetry",
    scope: "strands-agents",
    spans: [
      ["invoke_agent helper", "a", 0, 90, { "gen_ai.operation.name": "invoke_agent" }],
      [
        "chat",
        "a/c",
        1,
        40,
        chat(4598, 390, {
          "gen_ai.system": "strands-agents",
          "gen_ai.request.model": "claude-sonnet-4-5",
          "gen_ai.usage.total_tokens": 4988,
          "gen_ai.usage.cache_read.input_tokens": 512,
        }),
      ],
      [
        "anthropic.messages.create",
        "2:m",
        2,
        39,
        chat(5110, 390, {
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.model": "claude-sonnet-4-5",
          "gen_ai.response.id": "msg_1",
          "gen_ai.usage.cache_read.input_tokens": 512,
        }),
        "com.anthropic.sdk.typescript",
      ],
    ],
    counts: [["chat", [5110, 512, 0, 390, 0]]],
  },
  {
    client: "Strands whose first call fails: its agent's sum of nothing is no call",
    scope: "strands-agents",
    spans: [
      [
        "invoke_agent helper",
        "a",
        0,
        90,
        {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.usage.input_tokens": 0,
          "gen_ai.usage.output_tokens": 0,
          "error.type": "ModelError",
        },
      ],
      [
        "chat",
        "a/c",
        1,
        40,
        {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "gpt-4o",
          "error.type": "ModelError",
        },
      ],
    ],
    counts: [["chat", null]],
  },
  {
    // genkit 1.42: `generate` repeats the last turn of the loop, in Google's case with the response's id.
    client: "Genkit",
    scope: "genkit-tracer",
    spans: [
      ["generate", "g", 0, 90, genkit("util", "generate", 42_511, 3_382, 11, "gem-2")],
      [
        "googleai/gemini-2.5-flash",
        "g/a",
        1,
        30,
        genkit("model", "googleai/gemini-2.5-flash", 42_374, 3_371, 0, "gem-1"),
      ],
      [
        "weather",
        "g/t",
        31,
        39,
        { "genkit:metadata:subtype": "tool.v2", "genkit:name": "weather" },
      ],
      ["generate", "g/h", 40, 89, genkit("util", "generate", 42_511, 3_382, 11, "gem-2")],
      [
        "googleai/gemini-2.5-flash",
        "g/h/b",
        41,
        88,
        genkit("model", "googleai/gemini-2.5-flash", 42_511, 3_382, 11, "gem-2"),
      ],
    ],
    counts: [
      ["googleai/gemini-2.5-flash", [42_374, 0, 0, 3_371, 0]],
      ["googleai/gemini-2.5-flash", [42_511, 0, 0, 3_393, 11]],
    ],
  },
  {
    // @langfuse/openai 5.11 takes the message's id for the response's of OpenAI's Responses API.
    client: "Langfuse's OpenAI wrapper beside OpenTelemetry's instrumentation",
    scope: "langfuse-sdk",
    spans: [
      [
        "gen",
        "g",
        0,
        50,
        {
          "langfuse.observation.type": "generation",
          "langfuse.observation.model.name": "gpt-4o-mini-2024-07-18",
          "langfuse.observation.output": '{"type":"message","id":"msg_13","role":"assistant"}',
          "langfuse.observation.usage_details":
            '{"input":488,"output":36,"total":1060,"input_cached_tokens":512,"output_reasoning_tokens":24}',
        },
      ],
      [
        "chat gpt-4o-mini",
        "2:c",
        1,
        49,
        chat(1000, 60, {
          "gen_ai.request.model": "gpt-4o-mini",
          "gen_ai.response.id": "resp_1",
        }),
        "@opentelemetry/instrumentation-openai",
      ],
    ],
    counts: [["gen", [1000, 512, 0, 60, 24]]],
  },
  {
    // https://github.com/pydantic/pydantic-ai/blob/main/pydantic_ai_slim/pydantic_ai/usage.py: agents may share one usage.
    client: "Pydantic AI's agents that share one usage",
    scope: "pydantic-ai",
    spans: [
      [
        "agent run",
        "a",
        0,
        90,
        {
          model_name: "gpt-4o",
          "gen_ai.usage.input_tokens": 330,
          "gen_ai.usage.output_tokens": 33,
        },
      ],
      ["chat gpt-4o", "a/1", 1, 20, chat(100, 10, { "gen_ai.request.model": "gpt-4o" })],
      ["running tool: ask", "a/t", 21, 60, { "gen_ai.tool.name": "ask" }],
      [
        "agent run",
        "a/t/b",
        22,
        59,
        {
          model_name: "gpt-4o",
          "gen_ai.usage.input_tokens": 210,
          "gen_ai.usage.output_tokens": 21,
        },
      ],
      ["chat gpt-4o", "a/t/b/2", 23, 58, chat(110, 11, { "gen_ai.request.model": "gpt-4o" })],
      ["chat gpt-4o", "a/3", 61, 89, chat(120, 12, { "gen_ai.request.model": "gpt-4o" })],
    ],
    counts: [
      ["chat gpt-4o", [100, 0, 0, 10, 0]],
      ["chat gpt-4o", [110, 0, 0, 11, 0]],
      ["chat gpt-4o", [120, 0, 0, 12, 0]],
    ],
  },
  {
    // openlit 1.15 counts the first token of Anthropic's stream twice; Anthropic's own span below has its true number.
    client: "OpenLIT around Anthropic's stream",
    scope: "@openlit/instrumentation-anthropic",
    spans: [
      ["chat claude-haiku-4-5", "c", 0, 50, anthropicChat(611, 490)],
      ["anthropic.messages.create", "c/m", 1, 49, anthropicChat(611, 489), "com.anthropic.sdk"],
    ],
    counts: [["anthropic.messages.create", [611, 0, 0, 489, 0]]],
  },
  {
    // @traceloop/node-server-sdk 0.27: both watch the stream, in traces of their own, and only LangChain's knows its usage.
    // The call that was refused right after it is no wrapper of it.
    client: "LangChain and OpenAI, both watched by Traceloop",
    scope: "@traceloop/instrumentation-langchain",
    spans: [
      ["chat gpt-4o", "1:l", 0, 30, asked("hi", chat(1000, 60))],
      ["chat gpt-4o", "2:o", 5, 29, asked("hi", chat(1, 4)), "@traceloop/instrumentation-openai"],
      [
        "chat gpt-4o refused",
        "3:r",
        30,
        60,
        { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "error.type": "400" },
        "@traceloop/instrumentation-openai",
      ],
    ],
    counts: [
      ["chat gpt-4o", [1000, 0, 0, 60, 0]],
      ["chat gpt-4o refused", null],
    ],
  },
  {
    // https://github.com/BerriAI/litellm/blob/main/litellm/integrations/opentelemetry.py: attributes of the call on the request's span.
    client: "LiteLLM's proxy",
    scope: "litellm",
    spans: [
      [
        "Received Proxy Server Request",
        "p",
        0,
        90,
        {
          "gen_ai.operation.name": "acompletion",
          "llm.request.type": "acompletion",
          "gen_ai.system": "openai",
          "gen_ai.request.model": "gpt-4o-mini",
          "gen_ai.response.id": "chatcmpl-1",
          "gen_ai.usage.input_tokens": 1000,
          "gen_ai.usage.output_tokens": 60,
          "gen_ai.usage.total_tokens": 1060,
        },
      ],
      ["auth", "p/a", 1, 2, { service: "auth" }],
      [
        "raw_gen_ai_request",
        "p/r",
        3,
        89,
        {
          "llm.openai.model": "gpt-4o-mini-2024-07-18",
          "llm.openai.usage": "{'prompt_tokens': 1000, 'completion_tokens': 60}",
        },
      ],
    ],
    counts: [["Received Proxy Server Request", [1000, 0, 0, 60, 0]]],
  },
];

function anthropicChat(input: number, output: number) {
  return chat(input, output, {
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-haiku-4-5",
    "gen_ai.response.id": "msg_1",
  });
}

function asked(question: string, told: Record<string, OtlpValue>) {
  const messages = JSON.stringify([{ role: "user", parts: [{ type: "text", content: question }] }]);
  return { ...told, "gen_ai.request.model": "gpt-4o", "gen_ai.input.messages": messages };
}

function genkit(
  kind: "util" | "model",
  name: string,
  input: number,
  output: number,
  thoughts: number,
  responseId: string,
): Record<string, OtlpValue> {
  const usageMetadata = {
    promptTokenCount: input,
    candidatesTokenCount: output,
    thoughtsTokenCount: thoughts,
    totalTokenCount: input + output + thoughts,
  };
  return {
    ...(kind === "util"
      ? { "genkit:type": "util", "genkit:input": '{"model":"googleai/gemini-2.5-flash"}' }
      : { "genkit:type": "action", "genkit:metadata:subtype": "model" }),
    "genkit:name": name,
    "genkit:output": JSON.stringify({
      usage: { inputTokens: input, outputTokens: output, thoughtsTokens: thoughts },
      custom: { modelVersion: "gemini-2.5-flash", responseId, usageMetadata },
    }),
  };
}

test.each(CLIENTS)(
  "each call of $client counts once, with all it used",
  ({ scope, spans, counts }) => {
    const facts = spans.map(([name, place, from, to, attributes, ownScope]) => {
      const [path = "", trace = "1"] = place.split(":").reverse();
      const ids = path.split("/").map((_, depth, all) => idOf(all.slice(0, depth + 1).join("/")));
      return readSpan(
        makeSpan({
          name,
          attributes,
          scope: ownScope ?? scope,
          traceId: trace.padStart(32, "0"),
          spanId: ids.at(-1) ?? "",
          parentSpanId: ids.at(-2) ?? "",
          startNs: START_NS + BigInt(from) * MS,
          endNs: START_NS + BigInt(to) * MS,
        }),
        [],
      ).facts;
    });
    for (const sent of [facts, [...facts].reverse()]) {
      const counted = [...resolveTrace(sent)].flatMap(([{ name, kind, usage: own }, found]) => {
        const usage = found.rest ?? (found.isCounted ? own : null);
        if (!usage && (!found.isCounted || kind === "tool")) return [];
        return [
          [
            name,
            usage && [
              usage.input_tokens,
              usage.cache_read_tokens ?? 0,
              (usage.cache_write_5m_tokens ?? 0) + (usage.cache_write_1h_tokens ?? 0),
              usage.output_tokens,
              usage.reasoning_tokens ?? 0,
            ],
          ],
        ];
      });
      expect(counted).toEqual(counts);
    }
  },
);

function idOf(path: string): string {
  return Buffer.from(path).toString("hex").slice(-16).padStart(16, "0");
}
