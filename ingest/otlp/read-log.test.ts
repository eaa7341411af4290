import { describe, expect, test } from "vitest";
import { decodeRecords } from "@/ingest/otlp/decode-otlp";
import type { OtlpLog, OtlpValue } from "@/ingest/otlp/otlp-records";
import { readLog } from "@/ingest/otlp/read-log";
import { type CorpusCase, listCases } from "@/ingest/otlp/testing/corpus";
import { toLog } from "@/ingest/otlp/to-log";
import type { SpanFacts } from "@/lib/traces/span-facts";

const NOW_MS = Date.parse("2026-12-01T00:00:00Z");
const WITH_LOGS = listCases().filter(({ files }) => files.some(({ signal }) => signal === "logs"));

/** What the log records of a case tell of, in the order they were written. */
function readCase({ files }: CorpusCase): SpanFacts[] {
  return files
    .filter(({ signal }) => signal === "logs")
    .flatMap(({ unpacked, isJson }) =>
      decodeRecords("logs", unpacked, isJson ? "json" : "protobuf"),
    )
    .flatMap((record) => {
      const read = toLog(record, NOW_MS);
      if ("errors" in read) throw new Error(JSON.stringify(read.errors));
      return readLog(read.log, [])?.facts ?? [];
    });
}

function sum(facts: readonly SpanFacts[], field: keyof NonNullable<SpanFacts["usage"]>): number {
  return facts.reduce((total, { usage }) => total + Number(usage?.[field] ?? 0), 0);
}

/** A record as decoded, of a client that no capture was made of. */
function record(attributes: Record<string, OtlpValue>, change: Partial<OtlpLog> = {}): OtlpLog {
  return {
    origin: {
      resource: new Map([["service.name", "codex_cli_rs"]]),
      scopeName: "codex_otel.log_only",
      scopeVersion: "",
      scopeAttributes: new Map(),
    },
    traceId: "",
    spanId: "",
    timeNs: 1_790_000_010_000_000_000n,
    observedNs: 0n,
    severity: 9,
    eventName: "",
    body: null,
    attributes: new Map(Object.entries(attributes)),
    ...change,
  };
}

const read = (log: OtlpLog) => readLog(log, [])?.facts;

describe("captured logs", () => {
  test.each(WITH_LOGS.map((one) => [`${one.client}/${one.case}`, one] as const))(
    "%s: a client's own events add up to what the provider answered, and anything else is no call",
    (_name, one) => {
      const calls = readCase(one).filter(({ kind }) => kind === "llm");
      const own = calls.filter(({ source }) => /api_(request|response)$/.test(source));
      const { totals_recoverable: totals, billable_call_count: count } = one.expected;
      const tells = one.client === "claude-code" || one.client === "gemini-cli";
      expect(own).toHaveLength(tells ? count : 0);
      if (!tells) return expect(calls).toEqual([]);
      expect({
        input_tokens_total: sum(own, "input_tokens"),
        cache_read_tokens: sum(own, "cache_read_tokens"),
        cache_write_tokens: sum(own, "cache_write_5m_tokens") + sum(own, "cache_write_1h_tokens"),
        output_tokens_total: sum(own, "output_tokens"),
        reasoning_tokens: sum(own, "reasoning_tokens"),
      }).toEqual(totals);
      expect(new Set(own.map(({ model }) => model))).toEqual(
        new Set(one.expected.calls.map(({ response_model }) => response_model)),
      );
    },
  );

  test("the convention's event of a call prints what the client's own event prints, so that both are one call", () => {
    const printed = (facts: SpanFacts[], source: RegExp) =>
      facts
        .filter((one) => source.test(one.source) && one.usage !== null)
        .map(({ model, service, printedTokens }) => ({ model, service, printedTokens }));
    for (const one of WITH_LOGS.filter(({ client }) => client === "gemini-cli")) {
      const facts = readCase(one);
      expect(printed(facts, /operation\.details$/)).toEqual(printed(facts, /api_response$/));
    }
  });

  test("a sub-agent's calls are its own, a person's are found by it, and a client's sum of floats is money", () => {
    const one = WITH_LOGS.find((c) => c.client === "claude-code" && c.case === "subagent-traces");
    const calls = one ? readCase(one).filter(({ kind }) => kind === "llm") : [];
    expect(calls.map(({ tags }) => tags.agent)).toEqual([
      "claude-code",
      "general-purpose",
      "claude-code",
    ]);
    expect(calls.map(({ reportedCostUsd }) => reportedCostUsd)).toEqual([
      "0.003768",
      "0.0038904",
      "0.005262",
    ]);
    const [call] = calls;
    expect(call?.tags).toMatchObject({
      session: "c36f9644-1be4-418c-aa28-bed6f33a4b19",
      user: "190d2a24ffc0b9bfefd7024025c4a85c7044df9c0c8d3e6724474cdeb7194936",
    });
    expect(call?.parentSpanId).toBe("aaa49495f3d27aaa");
    expect((call?.endUs ?? 0) - (call?.startUs ?? 0)).toBe(95_000);
  });

  test("a refused request is a failed call, and a tool's execution is a step", () => {
    const facts = WITH_LOGS.filter(({ client }) => client === "gemini-cli").flatMap(readCase);
    expect(facts.find(({ status }) => status === "error")).toMatchObject({
      kind: "llm",
      errorType: "rate_limit",
      usage: null,
      model: "gemini-2.5-flash",
    });
    expect(facts.find(({ kind }) => kind === "tool")).toMatchObject({
      name: "list_directory",
      status: "ok",
    });
  });
});

describe("Codex", () => {
  const common = {
    "conversation.id": "conv-1",
    "user.email": "ada@example.com",
    model: "gpt-5-codex",
  };
  const completed = {
    ...common,
    "event.name": "codex.sse_event",
    "event.kind": "response.completed",
    input_token_count: "9000",
    output_token_count: "700",
    cached_token_count: 8000,
    reasoning_token_count: 300,
    tool_token_count: "9700",
  };

  test("a finished response is a call, with counts as text or as numbers", () => {
    expect(read(record(completed))).toMatchObject({
      kind: "llm",
      status: "ok",
      provider: "openai",
      model: "gpt-5-codex",
      endUs: null,
      usage: {
        input_tokens: 9000,
        cache_read_tokens: 8000,
        output_tokens: 700,
        reasoning_tokens: 300,
      },
      tags: { agent: "codex", session: "conv-1", user: "ada@example.com" },
    });
  });

  test("the pieces of a stream, a request that went well and one for the list of models are no calls", () => {
    const others = [
      { "event.name": "codex.sse_event", "event.kind": "response.completed", duration_ms: "12" },
      { "event.name": "codex.sse_event", "event.kind": "response.output_text.delta" },
      {
        "event.name": "codex.sse_event",
        "event.kind": "response.output_item.done",
        "error.message": "failed to parse",
      },
      { "event.name": "codex.api_request", "http.response.status_code": 200, duration_ms: "80" },
      {
        "event.name": "codex.api_request",
        "http.response.status_code": 500,
        endpoint: "/models",
      },
      { "event.name": "codex.user_prompt", prompt: "[REDACTED]" },
    ];
    for (const other of others) expect(read(record({ ...common, ...other }))).toBeUndefined();
  });

  test.each([
    [{ "http.response.status_code": 429, endpoint: "/responses" }, "rate_limit"],
    [{ "error.message": "operation timed out" }, "timeout"],
  ])("a request that failed is a failed call: %j", (told, errorType) => {
    const failed = { ...common, "event.name": "codex.api_request", duration_ms: "80", ...told };
    expect(read(record(failed))).toMatchObject({
      kind: "llm",
      status: "error",
      errorType,
      usage: null,
      startUs: 1_790_000_009_920_000,
    });
  });
});

test("Qwen Code's total says whether its output holds what was reasoned", () => {
  const origin = {
    resource: new Map([["service.name", "qwen-code"]]),
    scopeName: "qwen-code",
    scopeVersion: "",
    scopeAttributes: new Map(),
  };
  const told = (total: number) => ({
    "event.name": "qwen-code.api_response",
    model: "qwen3-coder-plus",
    input_token_count: 1000,
    output_token_count: 100,
    thoughts_token_count: 60,
    total_token_count: total,
  });
  const output = (total: number) => read(record(told(total), { origin }))?.usage?.output_tokens;
  expect([output(1100), output(1160)]).toEqual([100, 160]);
});

test("what tools answered is input of Gemini's beside the prompt", () => {
  const told = {
    "event.name": "gemini_cli.api_response",
    model: "gemini-2.5-pro",
    input_token_count: 1000,
    output_token_count: 100,
    thoughts_token_count: 50,
    tool_token_count: 30,
    total_token_count: 1180,
  };
  expect(read(record(told))?.usage).toEqual({
    input_tokens: 1030,
    output_tokens: 150,
    reasoning_tokens: 50,
  });
});

test("a record that is delivered again is the same one, whatever the order of its attributes; another is not", () => {
  const told = {
    "event.name": "codex.sse_event",
    "event.kind": "response.completed",
    input_token_count: "1",
    output_token_count: "2",
  };
  const id = (log: OtlpLog) => read(log)?.spanId;
  const reversed = Object.fromEntries(Object.entries(told).reverse());
  expect(id(record(told))).toMatch(/^log:[0-9a-f]{32}$/);
  expect(id(record(reversed, { observedNs: 1_790_000_099_000_000_000n }))).toBe(id(record(told)));
  expect(id(record({ ...told, output_token_count: "3" }))).not.toBe(id(record(told)));
  expect(id(record(told, { timeNs: 1_790_000_010_000_000_001n }))).not.toBe(id(record(told)));
});

test("the name of an event is found wherever it stands, and without the client's prefix", () => {
  const origin = {
    resource: new Map([["service.name", "claude-code"]]),
    scopeName: "com.anthropic.claude_code.events",
    scopeVersion: "",
    scopeAttributes: new Map(),
  };
  const told = { model: "claude-sonnet-4-5", input_tokens: 5, output_tokens: 1 };
  const places: [Record<string, OtlpValue>, Partial<OtlpLog>][] = [
    [{ "event.name": "api_request" }, {}],
    [{}, { body: "claude_code.api_request" }],
    [{}, { eventName: "claude_code.api_request" }],
  ];
  for (const [attributes, change] of places) {
    const log = record({ ...told, ...attributes }, { origin, ...change });
    expect(read(log)?.source).toBe("log:com.anthropic.claude_code.events:claude_code.api_request");
  }
});

test("absurd durations and costs are not believed, and harm nothing else", () => {
  const told = {
    "event.name": "claude_code.api_request",
    model: "claude-sonnet-4-5",
    input_tokens: -4,
    output_tokens: 7,
    duration_ms: 1e308,
    cost_usd: 1e308,
  };
  expect(read(record(told))).toMatchObject({
    startUs: 1_790_000_010_000_000,
    endUs: null,
    reportedCostUsd: null,
    usage: null,
    faults: ["input_tokens", "cost_usd"],
  });
});
