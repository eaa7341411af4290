import { createHash } from "node:crypto";
import type { OtlpLog } from "@/ingest/otlp/otlp-records";

/**
 * The name of a log record, which has none of its own: `log:` and 32 hex digits of a hash of all it says, so that a
 * record that is delivered twice is the same one, whichever encoding and whatever order its attributes came in.
 */
export function hashLog(log: OtlpLog): string {
  const attributes = [...log.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  const content = [
    log.traceId,
    log.spanId,
    // A Collector on the way may observe the same record at another instant.
    String(log.timeNs || log.observedNs),
    log.eventName,
    log.body,
    attributes,
  ];
  const text = JSON.stringify(content, sortKeys);
  return `log:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
