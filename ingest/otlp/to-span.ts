import { checkInstant } from "@/ingest/otlp/check-instant";
import type { SentRecord } from "@/ingest/otlp/decode-otlp";
import type { OtlpFields } from "@/ingest/otlp/otlp-messages";
import type { OtlpSpan } from "@/ingest/otlp/otlp-records";
import {
  asFields,
  pick,
  readEnum,
  readId,
  readNanoseconds,
  readText,
} from "@/ingest/otlp/read-field";
import { checkLength, readBounded } from "@/ingest/otlp/read-origin";
import type { FieldError } from "@/lib/errors";

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (name) => `SPAN_KIND_${name}`,
);
const MAX_DURATION_NS = 366n * 86_400n * 1_000_000_000n;
const STATUS_CODES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

/**
 * Reads a span, or says why it is refused: ids that are no ids, no start, a start that no event could have, or more
 * attributes than any client sends. An end that cannot be (before the start, or more than a year after it) is as good as
 * none: the span is kept, and how long it took is not known.
 */
export function toSpan(
  { fields, origin }: SentRecord,
  nowMs: number,
): { span: OtlpSpan } | { errors: FieldError[] } {
  if (!fields) return { errors: [{ path: "", message: "must be an object" }] };
  const traceId = readId(pick(fields, "traceId", "trace_id"), 16);
  const spanId = readId(pick(fields, "spanId", "span_id"), 8);
  const startNs = readNanoseconds(pick(fields, "startTimeUnixNano", "start_time_unix_nano"));
  const endNs = readNanoseconds(pick(fields, "endTimeUnixNano", "end_time_unix_nano")) ?? 0n;
  const { attributes, errors: tooMany } = readBounded(fields, "attributes");
  const errors: (FieldError | null)[] = [
    ...origin.errors,
    checkId(traceId, "trace_id", 16),
    checkId(spanId, "span_id", 8),
    checkInstant(startNs, "start_time_unix_nano", nowMs),
    ...tooMany,
    checkLength(fields.events, "events"),
    checkLength(fields.links, "links"),
  ];
  const faults = errors.filter((error) => error !== null);
  if (faults.length > 0) return { errors: faults };
  const status = asFields(fields.status);
  const span: OtlpSpan = {
    origin,
    traceId: traceId ?? "",
    spanId: spanId ?? "",
    // A parent that is no id is none: the span stands at the top, as OTLP has it for an empty one.
    parentSpanId: readId(pick(fields, "parentSpanId", "parent_span_id"), 8) ?? "",
    name: readText(fields.name),
    spanKind: readEnum(fields.kind, KINDS),
    startNs: startNs ?? 0n,
    endNs: isAfter(endNs, startNs ?? 0n) ? endNs : 0n,
    attributes,
    statusCode: readEnum(status?.code, STATUS_CODES),
    statusMessage: readText(status?.message),
    events: listOf(fields.events).map(toEvent),
    links: listOf(fields.links).flatMap(toLink),
  };
  return { span };
}

/** Told by the span alone, not by our clock: it must read the same when it comes again. */
function isAfter(endNs: bigint, startNs: bigint): boolean {
  return endNs >= startNs && endNs - startNs <= MAX_DURATION_NS;
}

function checkId(id: string | null, path: string, bytes: number): FieldError | null {
  if (id === "") return { path, message: "is required" };
  return id === null ? { path, message: `must be ${bytes} bytes, not all of them zero` } : null;
}

function toEvent(fields: OtlpFields): OtlpSpan["events"][number] {
  return {
    name: readText(fields.name),
    timeNs: readNanoseconds(pick(fields, "timeUnixNano", "time_unix_nano")) ?? 0n,
    attributes: readBounded(fields, "attributes").attributes,
  };
}

function toLink(fields: OtlpFields): OtlpSpan["links"] {
  const traceId = readId(pick(fields, "traceId", "trace_id"), 16);
  const spanId = readId(pick(fields, "spanId", "span_id"), 8);
  return traceId && spanId ? [{ traceId, spanId }] : [];
}

function listOf(list: unknown): OtlpFields[] {
  return Array.isArray(list) ? list.map(asFields).filter((one) => one !== null) : [];
}
