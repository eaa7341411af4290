import { expect, test } from "vitest";
import {
  type Attributes,
  type Client,
  listCalls,
  readAll,
  type Told,
} from "@/ingest/otlp/testing/told-client";

const asked = (provider: string, model: string, metadata: object): Attributes => ({
  "ai.operationId": "ai.generateText.doGenerate",
  "ai.telemetry.functionId": "helper",
  "ai.telemetry.metadata.sessionId": "se-1",
  "ai.telemetry.metadata.userId": "u-1",
  "ai.model.provider": provider,
  "ai.model.id": model,
  "ai.response.finishReason": "stop",
  "ai.response.providerMetadata": JSON.stringify(metadata),
});

const told = (from: number, input: number, output: number, is: Attributes): Told => ({
  span: "ai.generateText.doGenerate",
  at: `w/${from}`,
  from,
  to: from + 9,
  is: { ...is, "ai.usage.promptTokens": input, "ai.usage.completionTokens": output },
});

const mastra = (type: string, more: Attributes = {}): Attributes => ({
  "mastra.span.type": type,
  "mastra.metadata.sessionId": "se-1",
  "mastra.metadata.userId": "u-1",
  "gen_ai.operation.name": type,
  ...more,
});

const chat = (more: Attributes): Attributes => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai.responses",
  "gen_ai.request.model": "gpt-5-mini",
  "gen_ai.agent.name": "helper",
  ...more,
});

const openinference = (kind: string, more: Attributes = {}): Attributes => ({
  "openinference.span.kind": kind,
  "llm.system": "openai",
  ...more,
});

const answered = {
  "mastra.metadata.headers": JSON.stringify({ "x-request-id": "req_1" }),
  "mastra.metadata.body": JSON.stringify({ id: "resp_1", output: [{ text: "It is sunny." }] }),
};

/** Cut from what they really sent to us, against a provider whose answers we know. */
const CLIENTS: readonly Client[] = [
  {
    // What is part of a count stands in each provider's own words; Anthropic's and Bedrock's input leave out the cache.
    client: "AI SDK 4",
    service: "lab",
    scope: "ai",
    told: [
      { span: "ai.generateText", at: "w", from: 0, to: 90 },
      told(10, 2550, 477, {
        ...asked("openai.responses", "gpt-5-mini", {
          openai: { responseId: "resp_1", cachedPromptTokens: 451, reasoningTokens: 32 },
        }),
        "ai.response.model": "gpt-5-mini-2024-07-18",
      }),
      told(20, 2895, 701, {
        ...asked("anthropic.messages", "claude-sonnet-4-5", {
          anthropic: { cacheCreationInputTokens: 361, cacheReadInputTokens: 382 },
        }),
      }),
      told(30, 1822, 531, {
        ...asked("amazon-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", {
          bedrock: { usage: { cacheReadInputTokens: 311, cacheWriteInputTokens: 129 } },
        }),
      }),
      told(40, 4447, 293, {
        ...asked("openrouter.chat", "anthropic/claude-sonnet-4.5", {
          openrouter: {
            usage: {
              promptTokensDetails: { cachedTokens: 198 },
              completionTokensDetails: { reasoningTokens: 52 },
            },
          },
        }),
      }),
    ],
    calls: [
      ["gpt-5-mini-2024-07-18", "openai", 2550, 451, 0, 477, 32, "helper", "se-1", "u-1"],
      ["claude-sonnet-4-5", "anthropic", 3638, 382, 361, 701, 0, "helper", "se-1", "u-1"],
      [
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "aws",
        ...[2262, 311, 129, 531, 0, "helper", "se-1", "u-1"],
      ],
      [
        "anthropic/claude-sonnet-4.5",
        "openrouter",
        ...[4447, 198, 0, 293, 52, "helper", "se-1", "u-1"],
      ],
    ],
  },
  {
    // The generation around the loop has the sum of its steps, and they have none.
    client: "Mastra's bridge",
    service: "lab",
    scope: "@mastra/otel-bridge",
    told: [
      { span: "invoke_agent helper", at: "a", from: 0, to: 90, is: mastra("agent_run") },
      {
        span: "chat gpt-5-mini",
        at: "a/g",
        from: 1,
        to: 89,
        is: mastra("model_generation", {
          ...chat({ "gen_ai.response.finish_reasons": ["stop"] }),
          "gen_ai.usage.input_tokens": 5899,
          "gen_ai.usage.output_tokens": 1026,
          "gen_ai.usage.cache_read.input_tokens": 455,
          "gen_ai.usage.reasoning_tokens": 45,
        }),
      },
      {
        span: "model_step",
        at: "a/g/s",
        from: 2,
        to: 80,
        is: mastra("model_step", answered),
      },
      {
        span: "model_inference",
        at: "a/g/s/i",
        from: 3,
        to: 70,
        is: mastra("model_inference"),
      },
    ],
    calls: [["gpt-5-mini", "openai", 5899, 455, 0, 1026, 45, "helper", "se-1", "u-1"]],
  },
  {
    // Nothing but the outer span names the model, and a call that failed has no usage anywhere.
    client: "Mastra's bridge, of a call that failed",
    service: "lab",
    scope: "@mastra/otel-bridge",
    told: [
      {
        span: "chat gpt-5-mini",
        at: "g",
        from: 1,
        to: 89,
        is: mastra("model_generation", chat({ "gen_ai.response.finish_reasons": ["error"] })),
      },
      { span: "model_step", at: "g/s", from: 2, to: 80, is: mastra("model_step") },
      { span: "model_inference", at: "g/s/i", from: 3, to: 70, is: mastra("model_inference") },
    ],
    calls: [["gpt-5-mini", "openai", null, 0, 0, null, 0, "helper", "se-1", "u-1"]],
  },
  {
    // The adapter of another provider's model writes it before the model; the SDK says OpenAI of all that it does.
    client: "OpenAI Agents by OpenInference, with another provider's model",
    service: "lab",
    scope: "@arizeai/openinference-instrumentation-openai-agents",
    told: [
      { span: "flow", at: "f", from: 0, to: 99, is: openinference("AGENT") },
      {
        span: "boss",
        at: "f/b",
        from: 1,
        to: 40,
        is: openinference("AGENT", { "graph.node.id": "boss" }),
      },
      {
        span: "researcher",
        at: "f/r",
        from: 41,
        to: 90,
        is: openinference("AGENT", {
          "graph.node.id": "researcher",
          "graph.node.parent_id": "boss",
        }),
      },
      {
        span: "generation",
        at: "f/r/g",
        from: 42,
        to: 80,
        is: openinference("LLM", {
          "llm.model_name": "anthropic.messages:claude-sonnet-4-5",
          "llm.token_count.prompt": 4725,
          "llm.token_count.completion": 413,
        }),
      },
      {
        span: "generation",
        at: "f/b/g",
        from: 2,
        to: 30,
        is: openinference("LLM", {
          "llm.model_name": "mistral:7b",
          "llm.token_count.prompt": 310,
          "llm.token_count.completion": 40,
        }),
      },
    ],
    calls: [
      ["mistral:7b", "openai", 310, 0, 0, 40, 0, "boss", null, null],
      ["claude-sonnet-4-5", "anthropic", 4725, 0, 0, 413, 0, "researcher", null, null],
    ],
  },
];

test.each(CLIENTS)("each call of $client counts once, with whose it is", (client) => {
  const facts = readAll(client);
  expect(listCalls(facts)).toEqual(client.calls);
  expect(listCalls([...facts].reverse()), "in another order").toEqual(client.calls);
});

test("a call that ended with an error failed, whatever its span's status", () => {
  const [failed] = CLIENTS.flatMap(readAll).filter(({ usage, kind }) => kind === "llm" && !usage);
  expect(failed?.status).toBe("error");
});

test("what a framework keeps of a request or an answer is no tag: it may be content", () => {
  const steps = CLIENTS.flatMap(readAll).filter(({ name }) => name === "model_step");
  const keys = steps.flatMap(({ metadata }) => Object.keys(metadata));
  expect(new Set(keys)).toEqual(new Set(["sessionId", "userId", "service.name"]));
});
