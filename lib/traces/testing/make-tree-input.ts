import type { LedgerRow, TreeSpan } from "@/lib/traces/tree-step";

const START_US = Date.UTC(2026, 10, 21, 12) * 1000;

/** An event of a tree; `at` in seconds after noon, and what else a test says of it. The rest is a plain priced call. */
export function makeLedgerRow({
  at,
  ...given
}: Partial<LedgerRow> & { id: string; at: number }): LedgerRow {
  return {
    startUs: START_US + Math.round(at * 1e6),
    traceId: "t",
    spanId: given.id,
    parentSpanId: "",
    type: "llm",
    name: "",
    agent: "",
    provider: "openai",
    model: "gpt-5",
    requestedModel: "",
    status: "ok",
    errorType: "",
    attempt: 0,
    durationMs: 500,
    timeToFirstTokenMs: null,
    promptHash: "",
    counted: true,
    linkedId: "",
    tokens: { input: 100, cache_read: 0, cache_write: 0, output: 10, reasoning: 0 },
    costFemto: 10n ** 12n,
    costStatus: "priced",
    costReason: "",
    inputRateFemto: 10n ** 15n,
    cacheSavingFemto: null,
    ...given,
  };
}

/** A span that is no event; `at` and `seconds` as above. */
export function makeSpan({
  at,
  seconds = 1,
  ...given
}: Partial<TreeSpan> & { spanId: string; at: number; seconds?: number }): TreeSpan {
  const startUs = START_US + Math.round(at * 1e6);
  return {
    traceId: "t",
    parentSpanId: "",
    name: given.spanId,
    kind: "step",
    startUs,
    endUs: startUs + seconds * 1e6,
    status: "ok",
    errorType: null,
    tags: { agent: null, session: null },
    ...given,
  };
}
