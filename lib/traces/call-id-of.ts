import type { SpanFacts } from "@/lib/traces/span-facts";

/** What the id of every call begins with that was told by OpenTelemetry. */
const OTLP = "otlp:";
const REST = ":rest:";

/** The id of a span's or log record's row of `llm_calls`. */
export function callIdOf({ traceId, spanId }: Pick<SpanFacts, "traceId" | "spanId">): string {
  return spanId.startsWith("log:") ? `${OTLP}${spanId}` : `${OTLP}${traceId}:${spanId}`;
}

/** The id of what of an outer span's usage nothing below it accounts for. @param hash of that usage, in hex */
export function restIdOf(owner: string, hash: string): string {
  return `${owner}${REST}${hash}`;
}

/** The id of the row that a rest is of; null for the id of anything else. */
export function ownerOfRest(id: string): string | null {
  const at = id.startsWith(OTLP) ? id.indexOf(REST) : -1;
  return at < 0 ? null : id.slice(0, at);
}
