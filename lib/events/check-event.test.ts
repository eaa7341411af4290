import fc from "fast-check";
import { expect, test } from "vitest";
import { checkEvent } from "@/lib/events/check-event";

const NOW_MS = Date.UTC(2026, 10, 21, 10);
const LLM = { model: "gpt-5" };

function errorsOf(event: unknown): { path: string; message: string }[] {
  const result = checkEvent(event, NOW_MS);
  return result.ok ? [] : result.errors;
}

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
const pairs = (count: number, value: unknown = "v") =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, value]));

test.each([
  ["the smallest llm event", LLM],
  ["null for every optional field", { ...LLM, id: null, user: null, usage: null, metadata: null }],
  ["an id of 128 characters", { ...LLM, id: "x".repeat(128), timestamp: "2026-11-21T10:00:00Z" }],
  ["an id of 128 emoji", { ...LLM, id: "🙂".repeat(128), timestamp: "2026-11-21T10:00:00Z" }],
  ["a tool without a model", { type: "tool", name: "search" }],
  ["each other type", { type: "agent" }],
  ["a guard event", { type: "guard", name: "circuit" }],
  ["tags of 256 characters", { ...LLM, agent: "a".repeat(256), task: "ü".repeat(256) }],
  ["an empty tag, which is a missing one", { ...LLM, feature: "" }],
  ["counts at the bound", { ...LLM, usage: { input_tokens: 2 ** 53 - 1, output_tokens: 0 } }],
  ["contradictory counts", { ...LLM, usage: { input_tokens: 1, cache_read_tokens: 2 } }],
  ["gpu_seconds as a number", { ...LLM, usage: { gpu_seconds: 12.345678 } }],
  ["gpu_seconds as text", { ...LLM, usage: { gpu_seconds: "123456789012.123456" } }],
  ["units", { ...LLM, usage: { units: { images: 2, seconds: 0 } } }],
  ["an estimate", { ...LLM, usage_source: "estimated" }],
  ["each tier", { ...LLM, service_tier: "batch", inference_geo: "us" }],
  ["OpenAI's word for standard", { ...LLM, service_tier: "default" }],
  ["16 digits of dollars", { ...LLM, reported_cost_usd: "9999999999999999.999999999999999" }],
  ["15 digits of money", { ...LLM, reported_cost_usd: "0.000000000000001" }],
  ["cost_usd alone", { ...LLM, cost_usd: "1.50" }],
  ["both costs, equal", { ...LLM, cost_usd: "1.50", reported_cost_usd: "1.5" }],
  ["a failure", { ...LLM, status: "error", error_type: "rate_limit", attempt: 3 }],
  ["durations", { ...LLM, duration_ms: 12.5, time_to_first_token_ms: 0 }],
  ["a cache hit", { ...LLM, cache: { layer: "semantic", hit: true } }],
  ["routing", { ...LLM, routing: { strategy: "cost", tier: null, baseline_model: "gpt-5-pro" } }],
  ["content of any kind", { ...LLM, content: { system: "s", messages: [{ a: deep(20) }] } }],
  ["hashes", { ...LLM, prompt_hash: "ab", prefix_hashes: ["a", "b"], system_prompt_tokens: 0 }],
  ["a running number", { ...LLM, source: "w-1", sequence: 2 ** 53 - 1 }],
  ["32 pairs of metadata", { ...LLM, metadata: pairs(32) }],
  ["metadata with a line break", { ...LLM, metadata: { note: "a\nb\tc", empty: "" } }],
  ["an offset", { ...LLM, timestamp: "2026-11-21T10:00:00.123456789-09:30" }],
  ["the first instant", { ...LLM, timestamp: "2020-01-01T00:00:00Z" }],
  ["24 hours ahead", { ...LLM, timestamp: "2026-11-22T10:00:00Z" }],
])("accepts %s", (_, event) => {
  expect(errorsOf(event)).toEqual([]);
});

const TIMED = { ...LLM, timestamp: "2026-11-21T10:00:00Z" };

test.each<[string, unknown]>([
  ["", 1],
  ["", null],
  ["", []],
  ["", "event"],
  ["model", {}],
  ["model", { model: "" }],
  ["model", { model: 5 }],
  ["id", { ...TIMED, id: "" }],
  ["id", { ...TIMED, id: "x".repeat(129) }],
  ["id", { ...TIMED, id: 7 }],
  ["id", { ...TIMED, id: "a\u0000b" }],
  ["timestamp", { ...LLM, id: "a" }],
  ["timestamp", { ...LLM, timestamp: 1763719200 }],
  ["timestamp", { ...LLM, timestamp: "2026-11-21" }],
  ["timestamp", { ...LLM, timestamp: "2026-11-21T10:00:00" }],
  ["timestamp", { ...LLM, timestamp: "2026-02-30T10:00:00Z" }],
  ["timestamp", { ...LLM, timestamp: "2019-12-31T23:59:59.999999Z" }],
  ["timestamp", { ...LLM, timestamp: "2026-11-22T10:00:00.000001Z" }],
  ["type", { ...LLM, type: "chat" }],
  ["agent", { ...LLM, agent: "a".repeat(257) }],
  ["agent", { ...LLM, agent: ["a"] }],
  ["user", { ...LLM, user: "\ud800" }],
  ["task", { ...LLM, task: "line\nbreak" }],
  ["usage", { ...LLM, usage: [] }],
  ["usage.input_tokens", { ...LLM, usage: { input_tokens: -1 } }],
  ["usage.input_tokens", { ...LLM, usage: { input_tokens: 1.5 } }],
  ["usage.input_tokens", { ...LLM, usage: { input_tokens: "1" } }],
  ["usage.output_tokens", { ...LLM, usage: { output_tokens: 2 ** 53 } }],
  ["usage.output_tokens", { ...LLM, usage: { output_tokens: true } }],
  ["usage.gpu_seconds", { ...LLM, usage: { gpu_seconds: -0.5 } }],
  ["usage.gpu_seconds", { ...LLM, usage: { gpu_seconds: "1.1234567" } }],
  ["usage.gpu_seconds", { ...LLM, usage: { gpu_seconds: 0.0000001 } }],
  ["usage.gpu_seconds", { ...LLM, usage: { gpu_seconds: "1e3" } }],
  ["usage.gpu_seconds", { ...LLM, usage: { gpu_seconds: 12345678901.123457 } }],
  ["usage.units.images", { ...LLM, usage: { units: { images: 0.5 } } }],
  ["usage.units", { ...LLM, usage: { units: pairs(33, 1) } }],
  ["usage.cache_read_token", { ...LLM, usage: { cache_read_token: 1 } }],
  ["raw_usage.api", { ...LLM, raw_usage: { api: "cohere.chat", body: {} } }],
  ["raw_usage.body", { ...LLM, raw_usage: { api: "openai.responses" } }],
  ["raw_usage.body", { ...LLM, raw_usage: { api: "openai.responses", body: { a: deep(100) } } }],
  ["raw_usage", { ...LLM, usage: {}, raw_usage: { api: "openai.responses", body: {} } }],
  ["usage_source", { ...LLM, usage_source: "guessed" }],
  ["service_tier", { ...LLM, service_tier: "gold" }],
  ["reported_cost_usd", { ...LLM, reported_cost_usd: "-1" }],
  ["reported_cost_usd", { ...LLM, reported_cost_usd: 0.1 }],
  ["reported_cost_usd", { ...LLM, reported_cost_usd: "1e-3" }],
  ["reported_cost_usd", { ...LLM, reported_cost_usd: "0.0000000000000001" }],
  ["reported_cost_usd", { ...LLM, reported_cost_usd: "10000000000000000" }],
  ["cost_usd", { ...LLM, cost_usd: "NaN" }],
  ["cost_usd", { ...LLM, cost_usd: "1", reported_cost_usd: "2" }],
  ["status", { ...LLM, status: "failed" }],
  ["error_type", { ...LLM, error_type: "overload" }],
  ["attempt", { ...LLM, attempt: 0 }],
  ["duration_ms", { ...LLM, duration_ms: -1 }],
  ["duration_ms", { ...LLM, duration_ms: "12" }],
  ["duration_ms", JSON.parse('{"model":"m","duration_ms":1e999}')],
  ["cache.hit", { ...LLM, cache: { layer: "exact" } }],
  ["cache.layer", { ...LLM, cache: { layer: "disk", hit: true } }],
  ["routing.tier", { ...LLM, routing: { tier: "t".repeat(257) } }],
  ["content", { ...LLM, content: { messages: deep(100) } }],
  ["content.prompt", { ...LLM, content: { prompt: "x" } }],
  ["prefix_hashes.1", { ...LLM, prefix_hashes: ["a", 2] }],
  ["prefix_hashes", { ...LLM, prefix_hashes: Array(257).fill("a") }],
  ["sequence", { ...LLM, sequence: -1 }],
  ["metadata", { ...LLM, metadata: pairs(33) }],
  ["metadata.team", { ...LLM, metadata: { team: 1 } }],
  ["metadata.team", { ...LLM, metadata: { team: "x".repeat(1025) } }],
  ["metadata.team", { ...LLM, metadata: { team: "a\u0007" } }],
  ["metadata.__proto__", JSON.parse('{"model":"m","metadata":{"__proto__":"x"}}')],
  ["__proto__", JSON.parse('{"model":"m","__proto__":{"type":"tool"}}')],
  ["constructor", { ...LLM, constructor: 1 }],
  ["featur", { ...LLM, featur: "search" }],
])("names %s as the fault", (path, event) => {
  const paths = errorsOf(event).map((error) => error.path);
  expect(paths).toEqual([path]);
});

test("a misspelt field is told the name it is near", () => {
  expect(errorsOf({ ...LLM, featur: "x" })[0]?.message).toContain("did you mean feature?");
  const usage = { cache_read_token: 1 };
  expect(errorsOf({ ...LLM, usage })[0]?.message).toContain("did you mean cache_read_tokens?");
});

test("every fault of an event is told, up to sixteen", () => {
  const event = { model: 1, usage: { input_tokens: -1 }, metadata: { a: 1, b: 2 } };
  expect(errorsOf(event)).toHaveLength(4);
  expect(errorsOf({ ...LLM, usage: pairs(100) })).toHaveLength(16);
});

test("a wrong type is named with what came instead", () => {
  const [fault] = errorsOf({ ...LLM, usage: { input_tokens: "12" } });
  expect(fault).toEqual({
    path: "usage.input_tokens",
    message: "must be a number, not a string",
  });
  expect(errorsOf({ ...LLM, usage: { input_tokens: 1.5 } })[0]?.message).toContain("a fraction");
});

test("whatever JSON an event is, it is taken or its faults are told; nothing throws", () => {
  const names = ["id", "model", "usage", "raw_usage", "metadata", "timestamp", "content", "cache"];
  const value = fc.jsonValue({ depthSize: "small" });
  const event = fc.oneof(
    value,
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value),
  );
  fc.assert(
    fc.property(event, (sent) => {
      const result = checkEvent(sent, NOW_MS);
      if (!result.ok) expect(result.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test("gpu_seconds keeps its exact decimal, however it was spelt", () => {
  fc.assert(
    fc.property(fc.nat(10 ** 6), fc.nat(999_999), (whole, micro) => {
      const text = `${whole}.${String(micro).padStart(6, "0")}`;
      for (const gpu_seconds of [text, Number(text)]) {
        const result = checkEvent({ ...LLM, usage: { gpu_seconds } }, NOW_MS);
        const kept = result.ok ? result.event.usage?.gpu_seconds : null;
        expect(Number(kept)).toBe(Number(text));
        expect(kept).toMatch(/^\d+(\.\d{1,6})?$/);
      }
    }),
  );
});
