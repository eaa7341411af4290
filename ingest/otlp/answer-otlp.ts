import { type Exchange, sendText } from "@/ingest/exchange";
import type { OtlpEncoding } from "@/ingest/otlp/decode-otlp";
import { OTLP_MESSAGES, type OtlpSignal } from "@/ingest/otlp/otlp-messages";
import { sendRefusal } from "@/ingest/send-problem";
import type { Problem } from "@/lib/errors";

const MEDIA_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};
const REJECTED: Readonly<Record<OtlpSignal, string>> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
};

/** google.rpc.Code of our statuses. OTLP's clients go by the HTTP status; people who read their logs may not. */
const RPC_CODES: Readonly<Partial<Record<number, number>>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 8,
  415: 3,
  503: 14,
};
const RPC_UNKNOWN = 2;
const MAX_MESSAGE = 1_000;

/** The encoding that a Content-Type names; null for any other. */
export function readOtlpEncoding(contentType: string | undefined): OtlpEncoding | null {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/x-protobuf" || type === "application/protobuf") return "protobuf";
  return type === "application/json" ? "json" : null;
}

/**
 * Answers 200 in the request's encoding, as OTLP asks for whatever could be decoded.
 * @param rejected how many of the records do not count, and why in a few words
 */
export function sendExportResponse(
  exchange: Exchange,
  { signal, encoding }: { signal: OtlpSignal; encoding: OtlpEncoding },
  rejected: { count: number; message: string },
): void {
  const { count, message: errorMessage } = rejected;
  // Left out where everything was taken: clients log a partial success, even of nothing.
  const partialSuccess = count > 0 ? { [REJECTED[signal]]: String(count), errorMessage } : null;
  const fields = partialSuccess ? { partialSuccess } : {};
  const body =
    encoding === "json"
      ? JSON.stringify(fields)
      : OTLP_MESSAGES[signal].response.encode(fields).finish();
  sendText(exchange, 200, body, MEDIA_TYPES[encoding]);
}

/** Answers a request that was not taken with a `google.rpc.Status` in its own encoding, as OTLP asks. */
export function sendOtlpStatus(exchange: Exchange, error: unknown, encoding: OtlpEncoding): void {
  sendRefusal(exchange, error, (problem) => {
    const code = RPC_CODES[problem.status] ?? RPC_UNKNOWN;
    const message = messageOf(problem).slice(0, MAX_MESSAGE);
    const body =
      encoding === "json" ? JSON.stringify({ code, message }) : encodeStatus(code, message);
    return { body, type: MEDIA_TYPES[encoding] };
  });
}

function messageOf({ detail, errors }: Problem): string {
  return [detail, ...errors.map(({ path, message }) => `${path} ${message}.`)].join(" ");
}

/** `google.rpc.Status`: field 1 the code, field 2 the message. It is in none of the project's own .proto files. */
function encodeStatus(code: number, message: string): Buffer {
  const text = Buffer.from(message);
  const length: number[] = [];
  for (let left = text.length; ; left >>>= 7) {
    length.push(left > 0x7f ? (left & 0x7f) | 0x80 : left);
    if (left <= 0x7f) break;
  }
  return Buffer.concat([Buffer.from([0x08, code, 0x12, ...length]), text]);
}
