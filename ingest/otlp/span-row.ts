import { toBucket } from "@/db/clickhouse/llm-call-row";
import { hashBytes } from "@/ingest/events/content-hash";
import { dateTimeText } from "@/ingest/events/date-time-text";
import { quote } from "@/ingest/events/json-text";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import { callIdOf } from "@/lib/traces/call-id-of";
import type { SpanFacts } from "@/lib/traces/span-facts";
import { twinKeys } from "@/lib/traces/twin-keys";

const HASH_BLOCK_BYTES = 16;

/**
 * The row of `trace_spans` of a span or log record, as its spool takes it. Its identity is that of its call, and the hash
 * is of what it says itself: whatever it inherits, a span that comes twice is the same.
 */
export function toSpanRow(projectId: string, facts: SpanFacts): SpanRow {
  const text = JSON.stringify(facts);
  const bucket = toBucket(facts.startUs);
  const row =
    `,"project_id":${quote(projectId)},"bucket":${bucket}` +
    `,"trace_id":${quote(facts.traceId)},"span_id":${quote(facts.spanId)}` +
    `,"ts":"${dateTimeText(facts.startUs)}","kind":"${facts.kind}"` +
    `,"session":${quote(facts.tags.session ?? "")}` +
    `,"twin_keys":${JSON.stringify(twinKeys(facts).own)},"facts":${JSON.stringify(text)}}\n`;
  const identity = { projectId, bucket, id: callIdOf(facts), contentHash: hashText(text) };
  return { row: Buffer.from(row), identity, facts };
}

/** A span on its way into the spool. */
export interface SpanRow extends SpoolEvent {
  identity: NonNullable<SpoolEvent["identity"]>;
  facts: SpanFacts;
}

/**
 * Asks for a trace to be linked again, where an event of it came that no span tells of. It goes the way of the spans, and
 * is stored nowhere.
 * @param atUs the event's own time, microseconds since 1970
 */
export function toTouchRow(projectId: string, traceId: string, atUs: number): SpoolEvent {
  const row =
    `,"project_id":${quote(projectId)},"bucket":${toBucket(atUs)}` +
    `,"trace_id":${quote(traceId)}${IS_TOUCH}}\n`;
  return { row: Buffer.from(row), identity: null };
}

/** Nothing else in such a line is a member of this name. */
export const IS_TOUCH = ',"is_touch":true';

function hashText(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text) + HASH_BLOCK_BYTES);
  return hashBytes(bytes, bytes.write(text));
}
