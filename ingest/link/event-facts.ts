import { toInstantUs } from "@/db/clickhouse/llm-call-row";
import type { StoredCall } from "@/db/clickhouse/queries/revise-calls";
import type { SpanErrorType, SpanFacts, SpanKind, SpanTags } from "@/lib/traces/span-facts";
import type { Usage } from "@/lib/usage/usage";

const KINDS: Record<StoredCall["type"], SpanKind> = {
  llm: "llm",
  tool: "tool",
  agent: "agent",
  step: "step",
  guard: "other",
};

/** What an event that was sent as one says of itself, with the tags it was sent with. */
export function toEventFacts(call: StoredCall): SpanFacts {
  const startUs = toInstantUs(call.ts);
  // Ours, written by ingest from a checked event.
  const usage = call.usage === "" ? null : (JSON.parse(call.usage) as Usage);
  const durationMs = typeof call.duration_ms === "number" ? call.duration_ms : null;
  return {
    signal: "event",
    traceId: textOf(call, "trace_id") ?? "",
    spanId: textOf(call, "span_id") ?? "",
    parentSpanId: textOf(call, "parent_span_id") ?? "",
    source: "event",
    service: "",
    dialect: "event",
    name: textOf(call, "name") ?? "",
    kind: KINDS[call.type],
    startUs,
    endUs: durationMs === null ? null : startUs + Math.round(durationMs * 1000),
    status: call.status,
    // Checked by ingest against the same words.
    errorType: (call.error_type || null) as SpanErrorType | null,
    provider: call.provider || null,
    model: call.model || null,
    requestedModel: textOf(call, "requested_model"),
    responseId: textOf(call, "response_id"),
    usage,
    usageSource: call.usage_source,
    printedTokens: usage && {
      input: usage.input_tokens ?? null,
      output: usage.output_tokens ?? null,
    },
    reportedCostUsd: call.reported_cost_usd,
    serviceTier: call.service_tier || null,
    inferenceGeo: call.inference_geo || null,
    attempt: call.attempt === 0 ? null : call.attempt,
    timeToFirstTokenMs: null,
    tags: sentTags(call),
    metadata: call.metadata,
    reservationId: textOf(call, "reservation_id"),
    faults: [],
    promptHash: textOf(call, "prompt_hash"),
  };
}

/** The tags that an event was sent with, whatever its trace filled in since. */
export function sentTags(call: StoredCall): SpanTags {
  const { agent, task, task_type, feature, user, session, sent_tags } = call;
  const now = { agent, task, task_type, feature, user, session };
  const sent = { ...now, ...sent_tags };
  return {
    agent: sent.agent || null,
    task: sent.task || null,
    taskType: sent.task_type || null,
    feature: sent.feature || null,
    user: sent.user || null,
    session: sent.session || null,
  };
}

function textOf(call: StoredCall, column: string): string | null {
  const value = call[column];
  return typeof value === "string" && value !== "" ? value : null;
}
