import { expect, test } from "vitest";
import { decodeRecords } from "@/ingest/otlp/decode-otlp";
import { readLog } from "@/ingest/otlp/read-log";
import { readSpan } from "@/ingest/otlp/read-span";
import { type CorpusCase, type CorpusTotals, listCases } from "@/ingest/otlp/testing/corpus";
import { expectedOf } from "@/ingest/otlp/testing/expected-of";
import { toLog } from "@/ingest/otlp/to-log";
import { toSpan } from "@/ingest/otlp/to-span";
import { resolveTrace } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

const NOW_MS = Date.parse("2026-11-23T00:00:00Z");

/** What a case's clients say, span by span; one that was delivered twice once. */
function readCase({ files }: CorpusCase): SpanFacts[] {
  const known = new Map<string, SpanFacts>();
  for (const { signal, unpacked, isJson } of files) {
    if (signal !== "traces" && signal !== "logs") continue;
    for (const record of decodeRecords(signal, unpacked, isJson ? "json" : "protobuf")) {
      const facts = signal === "traces" ? factsOfSpan(record) : factsOfLog(record);
      if (facts) known.set(`${facts.traceId}:${facts.spanId}`, facts);
    }
  }
  return [...known.values()];
}

type Sent = ReturnType<typeof decodeRecords>[number];

function factsOfSpan(record: Sent): SpanFacts | null {
  const read = toSpan(record, NOW_MS);
  return "span" in read ? readSpan(read.span, []).facts : null;
}

function factsOfLog(record: Sent): SpanFacts | null {
  const read = toLog(record, NOW_MS);
  return "log" in read ? (readLog(read.log, [])?.facts ?? null) : null;
}

/** What is counted: calls, and their tokens. */
function sumCounted(spans: readonly SpanFacts[]) {
  const totals: CorpusTotals = {
    input_tokens_total: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens_total: 0,
    reasoning_tokens: 0,
  };
  let calls = 0;
  const add = (usage: Usage) => {
    totals.input_tokens_total += usage.input_tokens ?? 0;
    totals.cache_read_tokens += usage.cache_read_tokens ?? 0;
    totals.cache_write_tokens +=
      (usage.cache_write_5m_tokens ?? 0) + (usage.cache_write_1h_tokens ?? 0);
    totals.output_tokens_total += usage.output_tokens ?? 0;
    totals.reasoning_tokens += usage.reasoning_tokens ?? 0;
  };
  for (const [facts, { isCounted, rest }] of resolveTrace(spans)) {
    if (facts.kind === "tool" && facts.usage === null) continue;
    if (isCounted || rest) calls++;
    if (rest) add(rest);
    else if (isCounted && facts.usage) add(facts.usage);
  }
  return { calls, totals };
}

for (const kase of listCases()) {
  test(`${kase.client}/${kase.case}: each call of the provider counts once`, () => {
    const spans = readCase(kase);
    expect(sumCounted(spans)).toEqual(expectedOf(kase));
    expect(sumCounted([...spans].reverse()), "in another order").toEqual(expectedOf(kase));
  });
}

/** Tags that the application set and its client sends nowhere. */
const NOT_SENT: Record<string, readonly string[]> = {
  adk: ["user"],
  "openai-agents": ["user"],
  sentry10: ["user"],
  tanstack: ["session"],
};

for (const kase of listCases()) {
  const { session, user, feature } = kase.expected.expected_tags;
  const named = Object.entries({ session, user, feature }).filter(
    ([name, value]) => typeof value === "string" && !NOT_SENT[kase.client]?.includes(name),
  );
  const isOtlp = kase.files.some(({ signal }) => signal === "traces");
  if (named.length === 0 || !isOtlp) continue;
  test(`${kase.client}/${kase.case}: each call has the session, user and feature of its trace`, () => {
    for (const { isCounted, rest, tags } of resolveTrace(readCase(kase)).values()) {
      if (!isCounted && !rest) continue;
      expect(tags).toMatchObject(Object.fromEntries(named));
    }
  });
}
