import type { OtlpEncoding } from "@/ingest/otlp/decode-otlp";
import { OTLP_MESSAGES, type OtlpFields, type OtlpSignal } from "@/ingest/otlp/otlp-messages";

const IDS = ["traceId", "spanId", "parentSpanId"];

/** A request in OTLP's JSON (lowerCamelCase, hex ids) as a body of either encoding. */
export function encodeRequest(
  signal: OtlpSignal,
  request: object,
  encoding: OtlpEncoding = "protobuf",
): Buffer {
  if (encoding === "json") return Buffer.from(JSON.stringify(request));
  const fields = changeIds(request, (id) => (typeof id === "string" ? Buffer.from(id, "hex") : id));
  return Buffer.from(OTLP_MESSAGES[signal].request.encode(fields as OtlpFields).finish());
}

/** A body of protobuf as OTLP's JSON. */
export function protobufToJson(signal: OtlpSignal, body: Buffer): string {
  const message = OTLP_MESSAGES[signal].request.decode(body);
  const fields = changeIds(message, (id) =>
    id instanceof Uint8Array ? Buffer.from(id).toString("hex") : id,
  );
  return JSON.stringify(fields, (_key, value: unknown) => {
    // A Buffer has turned itself into `{type, data}` before anybody is asked.
    const kept = value as { type?: unknown; data?: unknown; low?: unknown } | null;
    if (kept?.type === "Buffer") return Buffer.from(kept.data as number[]).toString("base64");
    return typeof kept?.low === "number" ? String(value) : value;
  });
}

function changeIds(node: unknown, change: (id: unknown) => unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => changeIds(one, change));
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return node;
  if ("low" in node && "high" in node) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      return [key, IDS.includes(key) ? change(value) : changeIds(value, change)];
    }),
  );
}
