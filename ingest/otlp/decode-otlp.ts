import { bodyText } from "@/ingest/http-body/body-text";
import { OTLP_MESSAGES, type OtlpFields, type OtlpSignal } from "@/ingest/otlp/otlp-messages";
import { asFields, pick } from "@/ingest/otlp/read-field";
import { readOrigin, readResource, type SentOrigin } from "@/ingest/otlp/read-origin";
import { OutlayError } from "@/lib/errors";

export type OtlpEncoding = "protobuf" | "json";

/** A span or log record as it stood in a body, and who wrote it. Not yet read: ten thousand at once take long. */
export interface SentRecord {
  /** null: it is no object at all, which only JSON can say. */
  fields: OtlpFields | null;
  origin: SentOrigin;
}

/** The contract's limit of one request. */
export const MAX_RECORDS = 10_000;

/** A field's two names: of OTLP's JSON and of the .proto. */
type Names = readonly [camel: string, snake: string];

const NAMES = {
  traces: { ...groupNames("Spans", "spans"), records: ["spans", "spans"] as Names },
  logs: { ...groupNames("Logs", "logs"), records: ["logRecords", "log_records"] as Names },
  metrics: { ...groupNames("Metrics", "metrics"), records: ["metrics", "metrics"] as Names },
};
const METRIC_KINDS: readonly Names[] = [
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "exponential_histogram"],
  ["summary", "summary"],
];

function groupNames(camel: string, snake: string): Record<"groups" | "scopes" | "old", Names> {
  return {
    groups: [`resource${camel}`, `resource_${snake}`],
    scopes: [`scope${camel}`, `scope_${snake}`],
    // What scopes were called before OTLP 0.15, which old clients still send. In protobuf it is the same field.
    old: [`instrumentationLibrary${camel}`, `instrumentation_library_${snake}`],
  };
}

/**
 * Finds the spans or log records of an export request.
 * @throws OutlayError 400 where the body as a whole cannot be decoded, 413 for more than 10,000 of them
 */
export function decodeRecords(
  signal: "traces" | "logs",
  body: Buffer,
  encoding: OtlpEncoding,
): SentRecord[] {
  const found: SentRecord[] = [];
  const { groups, records } = NAMES[signal];
  for (const group of messagesOf(decodeRequest(signal, body, encoding), groups)) {
    const resource = readResource(group);
    for (const { fields, scope } of scopesOf(group, signal)) {
      const own = listOf(fields, records);
      if (found.length + own.length > MAX_RECORDS) throw tooMany(signal);
      if (own.length === 0) continue;
      const origin = readOrigin(resource, scope);
      for (const record of own) found.push({ fields: asFields(record), origin });
    }
  }
  return found;
}

/** How many data points a metrics request has. @throws OutlayError 400 where it cannot be decoded */
export function countDataPoints(body: Buffer, encoding: OtlpEncoding): number {
  let points = 0;
  const { groups, records } = NAMES.metrics;
  for (const group of messagesOf(decodeRequest("metrics", body, encoding), groups)) {
    for (const { fields } of scopesOf(group, "metrics")) {
      for (const metric of messagesOf(fields, records)) {
        for (const [camel, snake] of METRIC_KINDS) {
          const data = asFields(pick(metric, camel, snake));
          if (data) points += listOf(data, ["dataPoints", "data_points"]).length;
        }
      }
    }
  }
  return points;
}

function scopesOf(
  group: OtlpFields,
  signal: OtlpSignal,
): { fields: OtlpFields; scope: OtlpFields | null }[] {
  const { scopes, old } = NAMES[signal];
  return [
    ...messagesOf(group, scopes).map((fields) => ({ fields, scope: asFields(fields.scope) })),
    ...messagesOf(group, old).map((fields) => {
      const scope = pick(fields, "instrumentationLibrary", "instrumentation_library");
      return { fields, scope: asFields(scope) };
    }),
  ];
}

function decodeRequest(signal: OtlpSignal, body: Buffer, encoding: OtlpEncoding): OtlpFields {
  if (encoding === "json") return parseJson(body);
  try {
    return OTLP_MESSAGES[signal].request.decode(body);
  } catch (error) {
    // Whatever the decoder throws is the body's fault, a stack too small for messages nested a million times included.
    const detail = `The body cannot be decoded as an OTLP request of ${signal} in protobuf.`;
    throw new OutlayError("bad_request", detail, { cause: error });
  }
}

function parseJson(body: Buffer): OtlpFields {
  const text = bodyText(body);
  let json: unknown;
  try {
    json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new OutlayError("bad_request", "The body is not valid JSON.", { cause: error });
  }
  const fields = asFields(json);
  if (fields) return fields;
  throw new OutlayError("bad_request", "The body is not an OTLP request: it must be an object.");
}

/** The messages of a repeated field. @throws OutlayError 400 where it is no list of messages */
function messagesOf(fields: OtlpFields, names: Names): OtlpFields[] {
  return listOf(fields, names).map((one, index) => {
    const message = asFields(one);
    if (message) return message;
    throw shapeFault(`${names[0]}.${index}`, "must be an object");
  });
}

function listOf(fields: OtlpFields, [camel, snake]: Names): readonly unknown[] {
  const list = pick(fields, camel, snake) ?? [];
  if (Array.isArray(list)) return list;
  throw shapeFault(camel, "must be a list");
}

function shapeFault(path: string, message: string): OutlayError {
  const detail = `The body is not an OTLP request: ${path} ${message}.`;
  return new OutlayError("bad_request", detail, { errors: [{ path, message }] });
}

function tooMany(signal: "traces" | "logs"): OutlayError {
  const limit = MAX_RECORDS.toLocaleString("en-US");
  const word = signal === "traces" ? "spans" : "log records";
  const detail = `A request holds at most ${limit} ${word}. Send smaller batches.`;
  return new OutlayError("payload_too_large", detail);
}
