import { EVENT_LIMITS, TEXT_FIELDS } from "@/lib/events/event-fields";
import { EVENT_TIERS } from "@/lib/events/event-schema";
import { parseUsd } from "@/lib/money";
import type { CallContent } from "@/lib/traces/call-content";
import { callIdOf } from "@/lib/traces/call-id-of";
import type { SpanResolution } from "@/lib/traces/resolve-trace";
import type { SpanFacts } from "@/lib/traces/span-facts";

/** Where neither a response nor a request names the model: the call is shown, without a price. */
const NO_MODEL = "unknown";

/** Whether a row of `llm_calls` is made of it: calls of models, executions of tools, and whatever reports usage. */
export function isCall({ kind, usage }: SpanFacts): boolean {
  return kind === "llm" || kind === "tool" || usage !== null;
}

/**
 * What a span tells as an event of `/v1/events`, to be checked and priced like any other. Texts are cut to the contract's.
 * What it does not tell is left out: an event without it is checked in a fifth of the time (`isPlainEvent`).
 */
export function toEvent(
  facts: SpanFacts,
  resolution: Pick<SpanResolution, "tags" | "metadata" | "attempt">,
  content: CallContent | null,
): Record<string, unknown> {
  const { tags } = resolution;
  const isTool = facts.kind === "tool";
  const texts: Partial<Record<TextName, string | null>> = {
    name: facts.name,
    provider: facts.provider,
    model: facts.model ?? facts.requestedModel ?? (isTool ? null : NO_MODEL),
    requested_model: facts.requestedModel,
    agent: tags.agent,
    task: tags.task,
    task_type: tags.taskType,
    feature: tags.feature,
    user: tags.user,
    session: tags.session,
    trace_id: facts.traceId,
    span_id: facts.spanId,
    parent_span_id: facts.parentSpanId,
    inference_geo: facts.inferenceGeo,
    reservation_id: facts.reservationId,
    prompt_hash: facts.promptHash,
  };
  const event: Record<string, unknown> = {
    id: callIdOf(facts),
    timestamp: toTimestamp(facts.startUs),
    type: isTool ? "tool" : "llm",
    usage: facts.usage,
    usage_source: facts.usageSource,
    service_tier: EVENT_TIERS.find((tier) => tier === facts.serviceTier) ?? null,
    reported_cost_usd: storableCost(facts.reportedCostUsd),
    status: facts.status,
    error_type: facts.errorType,
    attempt: resolution.attempt,
    duration_ms: facts.endUs === null ? null : Math.max(0, facts.endUs - facts.startUs) / 1000,
    time_to_first_token_ms: facts.timeToFirstTokenMs,
    metadata: cutMetadata(resolution.metadata),
    content,
  };
  for (const [name, text] of Object.entries(texts) as [TextName, string | null][]) {
    if (text) event[name] = cut(text, TEXT_FIELDS[name][0]);
  }
  for (const name of Object.keys(event)) if (event[name] === null) delete event[name];
  return event;
}

type TextName = keyof typeof TEXT_FIELDS;

/** The first characters of a text, whole ones. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : [...text.slice(0, 2 * length)].slice(0, length).join("");
}

function cutMetadata(metadata: Record<string, string>): Record<string, string> {
  const { metadataPairs, metadataKeyLength, metadataValueLength } = EVENT_LIMITS;
  const pairs = Object.entries(metadata).filter(([key]) => key !== "");
  return Object.fromEntries(
    pairs
      .slice(0, metadataPairs)
      .map(([key, value]) => [cut(key, metadataKeyLength), cut(value, metadataValueLength)]),
  );
}

/** A cost that is none is a fault of the client's own sum, and no reason to lose the call. */
function storableCost(text: string | null): string | null {
  const usd = text === null ? null : parseUsd(text);
  return usd !== null && usd >= 0n && usd <= EVENT_LIMITS.reportedCostFemtoUsd ? text : null;
}

/** RFC 3339 in UTC with microseconds. @param us microseconds since 1970 */
function toTimestamp(us: number): string {
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us - ms * 1000).padStart(3, "0")}Z`;
}
