import { expect, test } from "vitest";
import {
  type Attributes,
  type Client,
  listCalls,
  readAll,
  type Told,
} from "@/ingest/otlp/testing/told-client";

const anthropic = (more: Attributes): Attributes => ({
  "gen_ai.provider.name": "anthropic",
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "claude-sonnet-4-5",
  ...more,
});

/** Anthropic answered with 2723 of input: 285 of it read from a cache, 253 written to one. */
const printed = anthropic({
  "gen_ai.response.model": "claude-sonnet-4-5-20250929",
  "gen_ai.usage.total_tokens": 2521,
  "gen_ai.usage.output_tokens": 336,
  "gen_ai.usage.input_tokens": 2185,
  "gen_ai.usage.cache_creation.input_tokens": 253,
  "gen_ai.usage.cache_read.input_tokens": 285,
});
const billed = ["claude-sonnet-4-5-20250929", "anthropic", 2723, 285, 253, 336, 0] as const;

const traceloop: Attributes = {
  "traceloop.workflow.name": "writer",
  "traceloop.association.properties.session_id": "se-1",
  "traceloop.association.properties.user_id": "u-1",
};
const lmnr: Attributes = {
  "lmnr.span.instrumentation_source": "javascript",
  "lmnr.association.properties.session_id": "se-1",
  "lmnr.association.properties.user_id": "u-1",
};
const langfuse: Attributes = { "user.id": "u-1", "session.id": "se-1" };

const asked: Attributes = {
  "ai.operationId": "ai.generateText.doGenerate",
  "ai.telemetry.functionId": "helper",
  "ai.telemetry.metadata.sessionId": "se-1",
  "ai.model.provider": "openai.responses",
  "ai.model.id": "gpt-4o-mini",
};

/** A call told by OpenLIT, by the library itself below, and by an event that OpenLIT writes as it ends. */
const toldThrice = (at: string, from: number, to: number): readonly Told[] => [
  { span: "chat claude-sonnet-4-5", at, from, to, is: { ...printed, "gen_ai.response.id": at } },
  {
    span: "anthropic.messages.create",
    scope: "com.anthropic.sdk.typescript",
    at: `${at}/m`,
    from,
    to: to - 1,
    is: { ...printed, "gen_ai.response.id": at, "gen_ai.usage.input_tokens": 2723 },
  },
  {
    log: "",
    at,
    to,
    is: anthropic({
      "event.name": "gen_ai.client.inference.operation.details",
      "gen_ai.response.id": at,
      "gen_ai.usage.input_tokens": 2185,
      "gen_ai.usage.output_tokens": 336,
    }),
  },
];

/** Cut from what they really sent to us, against a provider whose answers we know. */
const CLIENTS: readonly Client[] = [
  {
    client: "OpenLLMetry for JavaScript, 0.27",
    service: "lab",
    scope: "@traceloop/instrumentation-anthropic",
    told: [
      {
        span: "writer.agent",
        scope: "@traceloop/node-server-sdk",
        at: "a",
        from: 0,
        to: 90,
        is: { ...traceloop, "traceloop.span.kind": "agent", "gen_ai.agent.name": "writer" },
      },
      {
        span: "chat claude-sonnet-4-5",
        at: "a/c",
        from: 1,
        to: 40,
        is: { ...traceloop, ...printed },
      },
    ],
    calls: [[...billed, "writer", "se-1", "u-1"]],
  },
  {
    // Older names, and the agent's name stands nowhere but in its span's.
    client: "OpenLLMetry for JavaScript, 0.11",
    service: "lab",
    scope: "@traceloop/instrumentation-openai",
    told: [
      {
        span: "writer.agent",
        scope: "@traceloop/node-server-sdk",
        at: "a",
        from: 0,
        to: 90,
        is: { ...traceloop, "traceloop.span.kind": "agent", "traceloop.entity.name": "writer" },
      },
      {
        span: "openai.chat",
        at: "a/c",
        from: 1,
        to: 40,
        is: {
          ...traceloop,
          "gen_ai.system": "OpenAI",
          "llm.request.type": "chat",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.response.model": "gpt-4o-2024-07-18",
          "gen_ai.usage.prompt_tokens": 4303,
          "gen_ai.usage.completion_tokens": 597,
          "llm.usage.total_tokens": 4900,
        },
      },
    ],
    calls: [["gpt-4o-2024-07-18", "openai", 4303, 0, 0, 597, 0, "writer", "se-1", "u-1"]],
  },
  {
    client: "Laminar 0.8, around OpenLLMetry",
    service: "lab",
    scope: "@traceloop/instrumentation-anthropic",
    told: [
      { span: "writer", scope: "lmnr.tracer", at: "a", from: 0, to: 90, is: lmnr },
      { span: "chat claude-sonnet-4-5", at: "a/c", from: 1, to: 40, is: { ...lmnr, ...printed } },
    ],
    calls: [[...billed, null, "se-1", "u-1"]],
  },
  {
    // Its agents' names stand nowhere but in their spans'.
    client: "Langfuse 5",
    service: "lab",
    scope: "langfuse-sdk",
    told: [
      {
        span: "writer",
        at: "a",
        from: 0,
        to: 90,
        is: { ...langfuse, "langfuse.observation.type": "agent" },
      },
      {
        span: "gen",
        at: "a/g",
        from: 1,
        to: 40,
        is: {
          ...langfuse,
          "langfuse.observation.type": "generation",
          "langfuse.observation.model.name": "gpt-4o-mini-2024-07-18",
          "langfuse.observation.usage_details":
            '{"input":2132,"output":675,"total":3071,"input_cached_tokens":220,"input_audio_tokens":0,"output_reasoning_tokens":44,"output_audio_tokens":0}',
        },
      },
    ],
    calls: [["gpt-4o-mini-2024-07-18", "openai", 2352, 220, 0, 719, 44, "writer", "se-1", "u-1"]],
  },
  {
    // The event of the next call is no report of the one that failed before: its own source tells of both.
    client: "OpenLIT around Anthropic's own telemetry, of which the first call fails",
    service: "lab",
    scope: "@openlit/instrumentation-anthropic",
    told: [
      {
        span: "chat claude-sonnet-4-5",
        at: "f",
        from: 0,
        to: 7,
        isFailed: true,
        is: anthropic({ "error.type": "BadRequestError" }),
      },
      {
        span: "anthropic.messages.create",
        scope: "com.anthropic.sdk.typescript",
        at: "f/m",
        from: 0,
        to: 6,
        isFailed: true,
        is: anthropic({ "error.type": "invalid_request_error" }),
      },
      ...toldThrice("n", 8, 23),
    ],
    calls: [
      ["claude-sonnet-4-5", "anthropic", null, 0, 0, null, 0, null, null, null],
      [...billed, null, null, null],
    ],
  },
  {
    // The model stands on the outer span alone; without it the call would have no price.
    client: "Axiom's AI SDK of a stream",
    service: "lab",
    scope: "axiom-tracer",
    told: [
      {
        span: "chat gpt-4o-mini",
        at: "c",
        from: 0,
        to: 40,
        is: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "gpt-4o-mini",
          "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
          "gen_ai.usage.input_tokens": 4395,
          "gen_ai.usage.output_tokens": 347,
        },
      },
      {
        span: "chat gpt-4o-mini stream",
        at: "c/s",
        from: 1,
        to: 39,
        is: { "gen_ai.usage.input_tokens": 4395, "gen_ai.usage.output_tokens": 347 },
      },
    ],
    calls: [["gpt-4o-mini-2024-07-18", "openai", 4395, 0, 0, 347, 0, null, null, null]],
  },
  {
    // A span is sent as it begins too, below itself; what is scrubbed of a session is none.
    client: "Logfire for JavaScript 0.18 around the AI SDK, of which a call fails",
    service: "lab",
    scope: "ai",
    told: [
      {
        span: "writer",
        scope: "logfire",
        at: "w",
        from: 0,
        to: 90,
        is: { "logfire.span_type": "span", "session.id": "[Scrubbed due to 'session']" },
      },
      { span: "ai.generateText.doGenerate", at: "w/f", from: 1, to: 30, isFailed: true, is: asked },
      {
        span: "ai.generateText.doGenerate",
        at: "w/f/p",
        from: 1,
        to: 1,
        is: { ...asked, "logfire.span_type": "pending_span", "logfire.pending_parent_id": "w" },
      },
    ],
    calls: [["gpt-4o-mini", "openai", null, 0, 0, null, 0, "helper", "se-1", null]],
  },
];

test("a call that was answered did not fail, though Phoenix tells the failure of the attempt before of all", () => {
  const [attempt, answered] = readAll({
    ...{ client: "Phoenix", service: "lab", scope: "ai", calls: [] },
    told: [
      { span: "ai.generateText.doGenerate", at: "f", from: 0, to: 5, isFailed: true, is: asked },
      {
        span: "ai.generateText.doGenerate",
        at: "n",
        from: 6,
        to: 9,
        isFailed: true,
        is: { ...asked, "ai.response.finishReason": "stop", "ai.usage.inputTokens": 3415 },
      },
    ],
  });
  expect([attempt?.status, answered?.status]).toEqual(["error", "ok"]);
});

test.each(CLIENTS)("each call of $client counts once, with whose it is", (client) => {
  const facts = readAll(client);
  expect(listCalls(facts)).toEqual(client.calls);
  expect(listCalls([...facts].reverse()), "in another order").toEqual(client.calls);
});
