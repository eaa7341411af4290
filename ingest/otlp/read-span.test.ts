import { expect, test } from "vitest";
import { decodeRecords } from "@/ingest/otlp/decode-otlp";
import type { OtlpSpan } from "@/ingest/otlp/otlp-records";
import { readSpan } from "@/ingest/otlp/read-span";
import { type CorpusCall, type CorpusCase, listCases } from "@/ingest/otlp/testing/corpus";
import { toSpan } from "@/ingest/otlp/to-span";
import { normaliseProviderName } from "@/lib/prices/provider-name";
import type { Usage } from "@/lib/usage/usage";

const NOW_MS = Date.parse("2027-01-01T00:00:00Z");

function listSpans({ files }: CorpusCase): OtlpSpan[] {
  return files
    .filter(({ signal }) => signal === "traces")
    .flatMap(({ unpacked, isJson }) =>
      decodeRecords("traces", unpacked, isJson ? "json" : "protobuf"),
    )
    .map((record) => toSpan(record, NOW_MS))
    .flatMap((read) => ("span" in read ? [read.span] : []));
}

/** Everything the corpus' spans are read as, by span id. */
const read = listCases().map((one) => ({
  name: `${one.client}/${one.case}`,
  truth: one.expected,
  facts: new Map(listSpans(one).map((span) => [span.spanId, readSpan(span, []).facts])),
}));

/** Our counts in the corpus' words; a part that is not told is none. */
function inCorpusWords(usage: Usage | null): Record<string, number> {
  return {
    input_tokens_total: usage?.input_tokens ?? Number.NaN,
    cache_read_tokens: usage?.cache_read_tokens ?? 0,
    cache_write_tokens: (usage?.cache_write_5m_tokens ?? 0) + (usage?.cache_write_1h_tokens ?? 0),
    output_tokens_total: usage?.output_tokens ?? Number.NaN,
    reasoning_tokens: usage?.reasoning_tokens ?? 0,
  };
}

/** Spans that count as one call, with the call. */
const canonical = read.flatMap(({ name, truth, facts }) =>
  truth.usage_spans
    .filter((span) => span.role === "canonical" && span.calls.length === 1)
    .flatMap((span) => {
      const call = truth.calls.find(({ call }) => call === span.calls[0]);
      const own = facts.get(span.span_id);
      const keys = span.usage_keys.join();
      return call && own ? [{ at: `${name} ${span.name}`, call, facts: own, keys }] : [];
    }),
);

/** Of a call that several signals tell, its span has only what its own keys say. */
function isOnSpan(field: string, keys: string): boolean {
  if (field === "cache_read_tokens") return /cache/i.test(keys);
  if (field === "reasoning_tokens") return /reason|thought/i.test(keys);
  return true;
}

function findWrongCounts(call: CorpusCall, usage: Usage | null, keys: string): string[] {
  const told = call.recoverable_from_telemetry ?? [];
  return Object.entries(inCorpusWords(usage)).flatMap(([field, count]) => {
    const truth = call.usage?.[field as keyof NonNullable<CorpusCall["usage"]>];
    const isTold = told.includes(field) && isOnSpan(field, keys);
    const isRight = count === truth || (!isTold && (count === 0 || Number.isNaN(count)));
    return isRight ? [] : [`${field}: ${count} for ${truth}`];
  });
}

test("a call's span gives each count that the provider answered and the client told, and invents none", () => {
  expect(canonical.length).toBeGreaterThan(140);
  const wrong = canonical.flatMap(({ at, call, facts, keys }) =>
    // Gemini CLI's span leaves out what was thought and says nothing of it: its log record does.
    at.startsWith("gemini-cli/prompt")
      ? []
      : findWrongCounts(call, facts.usage, keys).map((one) => `${at}: ${one}`),
  );
  expect(wrong).toEqual([]);
  expect(canonical.flatMap(({ facts }) => facts.faults)).toEqual([]);
});

test("what Anthropic's caches keep for five minutes and for an hour is told apart where it was sent", () => {
  const { usage } =
    canonical.find(({ at }) => at.startsWith("vercel-ai-5/anthropic-cache"))?.facts ?? {};
  expect(usage).toEqual({
    input_tokens: 6229,
    cache_read_tokens: 1024,
    cache_write_5m_tokens: 1488,
    cache_write_1h_tokens: 2452,
    output_tokens: 58,
  });
});

test("a call's span is an llm span of its provider, its model and, where one was sent, its response", () => {
  const wrong = canonical.flatMap(({ at, call, facts }) => {
    const provider = normaliseProviderName(call.provider);
    const models = [call.response_model, call.model_requested];
    const told: [string, unknown, boolean][] = [
      ["kind", facts.kind, facts.kind === "llm"],
      // opencode names the provider as its own settings do.
      ["provider", facts.provider, facts.provider === provider || at.startsWith("opencode/")],
      ["model", facts.model, models.includes(facts.model ?? "")],
      ["id", facts.responseId, [call.response_id, null].includes(facts.responseId)],
    ];
    return told.filter(([, , isRight]) => !isRight).map((one) => `${at}: ${one[0]} ${one[1]}`);
  });
  expect(wrong).toEqual([]);
  const withId = canonical.filter(({ facts }) => facts.responseId !== null);
  expect(withId.length).toBeGreaterThanOrEqual(115);
});

test("of the spans that look like calls and are none, only second reports and failed attempts are read as calls", () => {
  const found = read.flatMap(({ name, truth, facts }) =>
    truth.llm_looking_spans_that_are_not_calls
      .filter((span) => facts.get(span.span_id)?.kind === "llm")
      .map((span) => `${name.split("/")[0]} ${span.name} ${facts.get(span.span_id)?.status}`),
  );
  expect([...new Set(found)].sort()).toEqual([
    "gemini-cli llm_call error",
    "openinference Anthropic Messages ok",
    "openinference OpenAI Chat Completions ok",
    "vercel-ai-5 ai.generateText.doGenerate error",
    "vercel-ai-7 embeddings text-embedding-3-small ok",
  ]);
});

test("sessions, users, features and labels that an application set are found, wherever its client puts them", () => {
  const missing = read
    .filter(({ facts }) => facts.size > 0)
    .flatMap(({ name, truth, facts }) => {
      const all = [...facts.values()];
      const seen = new Set(
        all.flatMap(({ tags, metadata }) => [
          ...Object.values(tags),
          ...Object.values(metadata).flatMap((text) => [text, ...text.split(",")]),
        ]),
      );
      return Object.entries(truth.expected_tags)
        .filter(([, value]) => ![value].flat().every((one) => seen.has(one)))
        .map(([tag, value]) => `${name} ${tag} ${value}`);
    });
  // These clients do not export them at all.
  expect(missing).toEqual([
    "adk/agent-tool user adk-user-1",
    "adk/multi-agent user adk-user-1",
    "openai-agents/openlit-handoff user oa-user-1",
    "sentry10/openai-chat user sentry-user-1",
    "tanstack/chat session ts-thread-1",
    "tanstack/tool-loop session ts-thread-1",
  ]);
});

test("a failed call says why in our words", () => {
  const failed = read.flatMap(({ name, facts }) =>
    [...facts.values()]
      .filter(({ kind, status }) => kind === "llm" && status === "error")
      .map(({ errorType }) => `${name} ${errorType}`),
  );
  expect([...new Set(failed)]).toEqual([
    "gemini-cli/error-429 rate_limit",
    "langgraph/errors validation",
    "openai-agents/openlit-stream-error validation",
    "otel-openai/error-400 validation",
    "otel-openai/error-500 unknown",
    // Sentry keeps the reason on the HTTP span alone.
    "sentry10/errors unknown",
    "tanstack/error validation",
    "vercel-ai-5/errors validation",
    "vercel-ai-5/errors unknown",
    "vercel-ai-5/retry-429 rate_limit",
    "vercel-ai-7/errors validation",
    "vercel-ai-7/errors unknown",
    "vercel-ai-7/stream-broken unknown",
  ]);
});
