import { checkInstant } from "@/ingest/otlp/check-instant";
import type { SentRecord } from "@/ingest/otlp/decode-otlp";
import type { OtlpLog } from "@/ingest/otlp/otlp-records";
import { pick, readEnum, readId, readNanoseconds, readText } from "@/ingest/otlp/read-field";
import { readBounded } from "@/ingest/otlp/read-origin";
import { readValue } from "@/ingest/otlp/read-value";
import type { FieldError } from "@/lib/errors";

const SEVERITIES = [
  "UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name) =>
    ["", "2", "3", "4"].map((step) => `${name}${step}`),
  ),
].map((name) => `SEVERITY_NUMBER_${name}`);

/**
 * Reads a log record, or says why it is refused: no time that an event could have, or more attributes than any client
 * sends. Ids that are no ids mean that it was written in no trace: OTLP asks receivers to take them so.
 */
export function toLog(
  { fields, origin }: SentRecord,
  nowMs: number,
): { log: OtlpLog } | { errors: FieldError[] } {
  if (!fields) return { errors: [{ path: "", message: "must be an object" }] };
  const timeNs = readNanoseconds(pick(fields, "timeUnixNano", "time_unix_nano"));
  const observedNs = readNanoseconds(
    pick(fields, "observedTimeUnixNano", "observed_time_unix_nano"),
  );
  const { attributes, errors: tooMany } = readBounded(fields, "attributes");
  // Without any time of its own a record cannot be told from its next delivery: then it is refused, not dated by us.
  const fault = checkInstant(timeNs || observedNs, "time_unix_nano", nowMs);
  const errors = [...origin.errors, ...(fault ? [fault] : []), ...tooMany];
  if (errors.length > 0) return { errors };
  const log: OtlpLog = {
    origin,
    traceId: readId(pick(fields, "traceId", "trace_id"), 16) ?? "",
    spanId: readId(pick(fields, "spanId", "span_id"), 8) ?? "",
    timeNs: timeNs ?? 0n,
    observedNs: observedNs ?? 0n,
    severity: readEnum(pick(fields, "severityNumber", "severity_number"), SEVERITIES),
    eventName: readText(pick(fields, "eventName", "event_name")),
    body: readValue(fields.body),
    attributes,
  };
  return { log };
}
