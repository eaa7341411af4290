import type { SentRecord } from "@/ingest/otlp/decode-otlp";
import type { OtlpFields } from "@/ingest/otlp/otlp-messages";
import type { OtlpAttributes, OtlpValue } from "@/ingest/otlp/otlp-records";
import { asFields, pick, readText } from "@/ingest/otlp/read-field";
import { readAttributes } from "@/ingest/otlp/read-value";

const MAX_ATTRIBUTES = 100;
const MAX_TEXT = 200;
const NOT_KEPT = "(not kept)";
/**
 * Attributes whose text is shown. Every client puts prompts and answers elsewhere, so what is no known name is not
 * shown: a project that keeps no content must not find it here.
 */
const SHOWN =
  /^(gen_ai\.system|llm\.system)$|(^|[._])(model|model_name|id|name|kind|type|provider|operation|version|status|tier|language|environment)$/i;
/** Names of people and of what they did are not shown: somebody who is erased must not be found here. */
const PERSONAL =
  /user|person|people|customer|account|mail|session|conversation|thread|author|owner|host|tenant/i;

/** What is kept of a span or log record that was refused, to find its sender by. */
export function toOtlpSample({ fields, origin }: SentRecord): Record<string, unknown> {
  const common = {
    resource: showAttributes(origin.resource),
    scope: { name: clip(origin.scopeName), version: clip(origin.scopeVersion) },
  };
  if (!fields) return common;
  const status = asFields(fields.status);
  return {
    trace_id: showId(fields, "traceId", "trace_id"),
    span_id: showId(fields, "spanId", "span_id"),
    parent_span_id: showId(fields, "parentSpanId", "parent_span_id"),
    name: clip(readText(fields.name ?? pick(fields, "eventName", "event_name"))),
    start_time_unix_nano: showNumber(fields, "startTimeUnixNano", "start_time_unix_nano"),
    end_time_unix_nano: showNumber(fields, "endTimeUnixNano", "end_time_unix_nano"),
    time_unix_nano: showNumber(fields, "timeUnixNano", "time_unix_nano"),
    status_code: status?.code,
    attributes: showAttributes(
      readAttributes(
        Array.isArray(fields.attributes) ? fields.attributes.slice(0, MAX_ATTRIBUTES) : [],
      ),
    ),
    ...common,
  };
}

/** As it was sent: a wrong one is what somebody looks for. */
function showId(fields: OtlpFields, camel: string, snake: string): string | undefined {
  const id = pick(fields, camel, snake);
  if (id instanceof Uint8Array) return clip(Buffer.from(id).toString("hex"));
  return typeof id === "string" ? clip(id) : undefined;
}

function showNumber(fields: OtlpFields, camel: string, snake: string): string | undefined {
  const value = pick(fields, camel, snake);
  return value === undefined || value === null ? undefined : clip(String(value));
}

function showAttributes(attributes: OtlpAttributes): Record<string, OtlpValue> {
  const shown: Record<string, OtlpValue> = Object.create(null);
  for (const [key, value] of [...attributes].slice(0, MAX_ATTRIBUTES)) {
    shown[clip(key)] = showValue(key, value);
  }
  return shown;
}

function showValue(key: string, value: OtlpValue): OtlpValue {
  if (typeof value === "object" && value !== null) return NOT_KEPT;
  if (typeof value !== "string") return value;
  return SHOWN.test(key) && !PERSONAL.test(key) ? clip(value) : NOT_KEPT;
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
