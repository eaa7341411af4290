import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { parseUsd } from "@/lib/money";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

interface PricingCase {
  name: string;
  timestamp: string;
  expected_status: string;
  expected_usd: string | null;
  price_override?: unknown;
  raw_usage?: { api: string };
  usage: object;
}

const FILE = path.join(import.meta.dirname, "../../lib/prices/testdata/pricing-cases.json");
const CASES = (JSON.parse(fs.readFileSync(FILE, "utf8")) as { cases: PricingCase[] }).cases.filter(
  (given) => !given.price_override,
);

/** An event of a pricing case: the fields that the contract has. */
function eventOf(given: PricingCase & Record<string, unknown>, id: string, kind: string) {
  const names = ["timestamp", "provider", "model", "service_tier", "inference_geo", kind];
  const fields = names.filter((name) => given[name] !== undefined);
  return { id, ...Object.fromEntries(fields.map((name) => [name, given[name]])) };
}

test.each(["usage", "raw_usage"] as const)(
  "each pricing case posted with its %s arrives with its exact dollars",
  async (kind) => {
    const cases = CASES.filter((given) => given[kind]);
    const events = cases.map((given) => eventOf({ ...given }, `${kind}:${given.name}`, kind));
    const { body } = await ingest.post(events);
    expect({ accepted: body.accepted, rejected: body.rejected }).toEqual({
      accepted: cases.length,
      rejected: [],
    });
    const rows = await ingest.rows(`startsWith(id, '${kind}:')`);
    const costs = new Map(rows.map((row) => [row.id, row.cost_usd as string | null]));
    for (const given of cases) {
      const cost = costs.get(`${kind}:${given.name}`);
      const exact = cost === null || cost === undefined ? null : parseUsd(cost);
      const expected = given.expected_usd === null ? null : parseUsd(given.expected_usd);
      expect([given.name, exact]).toEqual([given.name, expected]);
    }
  },
);

test("raw usage of all six provider shapes is normalised, priced and kept word for word", async () => {
  const shapes: [string, string, string, object, number, number][] = [
    [
      "openai.chat_completions",
      "openai",
      "gpt-5",
      { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 60 } },
      100,
      20,
    ],
    ["openai.responses", "openai", "gpt-5", { input_tokens: 100, output_tokens: 20 }, 100, 20],
    [
      "openai.embeddings",
      "openai",
      "text-embedding-3-small",
      { prompt_tokens: 100, total_tokens: 100 },
      100,
      0,
    ],
    [
      "anthropic.messages",
      "anthropic",
      "claude-sonnet-4-5-20250929",
      { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 20 },
      100,
      20,
    ],
    [
      "google.generateContent",
      "google",
      "gemini-2.5-pro",
      {
        promptTokenCount: 100,
        candidatesTokenCount: 15,
        thoughtsTokenCount: 5,
        totalTokenCount: 120,
      },
      100,
      20,
    ],
    [
      "bedrock.converse",
      "aws.bedrock",
      "anthropic.claude-sonnet-4-5-20250929-v1:0",
      { outputTokens: 20, inputTokens: 100, totalTokens: 120 },
      100,
      20,
    ],
  ];
  const events = shapes.map(([api, provider, model, body]) => ({
    id: `raw-${api}`,
    timestamp: "2026-01-01T00:00:00Z",
    provider,
    model,
    raw_usage: { api, body },
  }));
  expect((await ingest.post(events)).body).toMatchObject({ accepted: 6, rejected: [] });
  const rows = new Map((await ingest.rows("startsWith(id, 'raw-')")).map((row) => [row.id, row]));
  for (const [api, , , body, input, output] of shapes) {
    const row = rows.get(`raw-${api}`);
    expect(row, api).toMatchObject({
      cost_status: "priced",
      has_usage: true,
      input_tokens: String(input),
      output_tokens: String(output),
      raw_usage: JSON.stringify({ api, body }),
    });
    expect(Number(row?.cost_usd)).toBeGreaterThan(0);
  }
});

test("raw usage whose counts are no counts is rejected with the provider's own path", async () => {
  const body = { prompt_tokens: "many", completion_tokens: 1 };
  const answer = await ingest.post({
    model: "m",
    raw_usage: { api: "openai.chat_completions", body },
  });
  expect(answer.status).toBe(422);
  expect(answer.body.rejected[0]?.errors[0]?.path).toBe("raw_usage.body.prompt_tokens");
});

/** What corrections write; an event that was received has none of it. */
const REVISION =
  /^(earlier\.|revised_at$|revision_|correction_id$|linked_id$|response_id$|sent_tags$)/;

test("every field of an event arrives as it was sent", async () => {
  const tags = [
    "provider",
    "model",
    "requested_model",
    "agent",
    "task",
    "feature",
    "user",
    "session",
  ];
  const texts = [
    ...tags,
    "task_type",
    "name",
    "trace_id",
    "span_id",
    "parent_span_id",
    "inference_geo",
    "provider_account",
    "reservation_id",
    "prompt_hash",
    "source",
  ];
  const event = {
    ...Object.fromEntries(texts.map((name) => [name, `${name} "q" \\ ü 🙂`])),
    id: 'all "q" \\ ü 🙂',
    timestamp: "2026-01-01T10:20:30.123456789+05:30",
    type: "tool",
    usage: { input_tokens: 9, gpu_seconds: "1.500000", web_searches: 1, units: { 'im"ages': 3 } },
    usage_source: "estimated",
    service_tier: "priority",
    reported_cost_usd: "0.100000000000001",
    status: "error",
    error_type: "timeout",
    attempt: 2,
    duration_ms: 12.5,
    time_to_first_token_ms: 3,
    cache: { layer: "exact", hit: false },
    routing: { strategy: "s", tier: "t", baseline_model: "b" },
    content: { system: "not kept" },
    prefix_hashes: ['a"', "b"],
    system_prompt_tokens: 0,
    sequence: 2 ** 53 - 1,
    metadata: { 'k"': "v\n\t\\", z: "" },
  };
  expect((await ingest.post(event)).body).toMatchObject({ accepted: 1, rejected: [] });
  const [row] = await ingest.rows("startsWith(id, 'all ')");
  const { version: _v, ingested_at: _i, api_key_id: _k, price: _p, ...kept } = row ?? {};
  const asReceived = Object.entries(kept).filter(([name]) => !REVISION.test(name));
  expect(Object.fromEntries(asReceived)).toEqual({
    counted: true,
    ...Object.fromEntries(texts.map((name) => [name, `${name} "q" \\ ü 🙂`])),
    project_id: ingest.projectIds.default,
    bucket: "2026-01-01 04:45:00",
    id: 'all "q" \\ ü 🙂',
    ts: "2026-01-01 04:50:30.123456",
    revision: 0,
    type: "tool",
    has_usage: true,
    usage_source: "estimated",
    ...Object.fromEntries(
      [
        "cache_read_tokens",
        "cache_write_5m_tokens",
        "cache_write_1h_tokens",
        "input_audio_tokens",
        "output_tokens",
        "reasoning_tokens",
        "output_audio_tokens",
      ].map((name) => [name, "0"]),
    ),
    input_tokens: "9",
    web_searches: "1",
    gpu_seconds: "1.5",
    usage: JSON.stringify({
      input_tokens: 9,
      web_searches: 1,
      gpu_seconds: "1.5",
      units: { 'im"ages': 3 },
    }),
    raw_usage: "",
    cost_usd: "0.100000000000001",
    list_cost_usd: "0.100000000000001",
    reported_cost_usd: "0.100000000000001",
    cost_status: "provided",
    cost_reason: expect.any(String),
    service_tier: "priority",
    status: "error",
    error_type: "timeout",
    attempt: 2,
    duration_ms: 12.5,
    time_to_first_token_ms: 3,
    cache_layer: "exact",
    cache_hit: false,
    routing_strategy: "s",
    routing_tier: "t",
    routing_baseline_model: "b",
    prefix_hashes: ['a"', "b"],
    system_prompt_tokens: "0",
    sequence: "9007199254740991",
    missing_tags: [],
    metadata: { 'k"': "v\n\t\\", z: "" },
  });
});

test("a call without usage or with an unknown model costs null, never 0; one that was turned away costs 0", async () => {
  const at = { timestamp: "2026-01-01T00:00:00Z", provider: "openai" };
  const usage = { input_tokens: 1, output_tokens: 1 };
  await ingest.post([
    { ...at, id: "null-1", model: "gpt-5" },
    { ...at, id: "null-2", model: "gpt-5", usage: {} },
    { ...at, id: "null-3", model: "no-such-model", usage },
    { ...at, id: "null-4", model: "gpt-5", usage: { input_tokens: 1, cache_read_tokens: 2 } },
    { ...at, id: "null-5", model: "gpt-5", status: "error", error_type: "timeout" },
    { ...at, id: "null-6", model: "gpt-5", error_type: "rate_limit" },
  ]);
  const rows = await ingest.rows("startsWith(id, 'null-')");
  expect(rows.map((row) => [row.cost_status, row.cost_usd, row.has_usage, row.status])).toEqual([
    ["unpriced", null, false, "ok"],
    ["unpriced", null, false, "ok"],
    ["unpriced", null, true, "ok"],
    ["invalid_usage", null, true, "ok"],
    ["unpriced", null, false, "error"],
    ["priced", "0", false, "error"],
  ]);
});

test("a project's required tags are flagged, and its trust in reported costs holds for its calls", async () => {
  const event = {
    timestamp: "2026-01-01T00:00:00Z",
    provider: "openai",
    model: "gpt-5",
    user: "u",
    usage: { input_tokens: 1000, output_tokens: 0 },
    cost_usd: "7",
  };
  await ingest.post({ ...event, id: "trust-1" });
  await ingest.changeProject({ requiredTags: ["feature", "user"], trustsReportedCost: true });
  await ingest.post({ ...event, id: "trust-2" });
  await ingest.changeProject({ requiredTags: [], trustsReportedCost: false });
  const rows = await ingest.rows("startsWith(id, 'trust-')");
  expect(rows).toMatchObject([
    { cost_usd: "0.00125", cost_status: "priced", reported_cost_usd: "7", missing_tags: [] },
    { cost_usd: "7", cost_status: "provided", reported_cost_usd: "7", missing_tags: ["feature"] },
  ]);
});

test("whatever JSON is sent, accepted + rejected + conflicts = events sent, and it is never a 500", async () => {
  const base = { model: "gpt-5", timestamp: "2026-01-01T00:00:00Z" };
  const names = ["id", "model", "usage", "raw_usage", "metadata", "timestamp", "content", "cache"];
  const odd = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue());
  const event = fc.oneof(
    fc.jsonValue(),
    odd,
    fc
      .record({ id: fc.constantFrom("a", "b"), feature: fc.constantFrom("x", "y") })
      .map((tags) => ({ ...base, ...tags })),
    odd.map((fields) => ({ ...base, ...fields })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
      const { status, body } = await ingest.post(events);
      expect([202, 422]).toContain(status);
      expect(body.accepted + body.rejected.length + body.conflicts.length).toBe(events.length);
      expect(status === 202).toBe(body.accepted > 0);
    }),
    { numRuns: 150 },
  );
});
